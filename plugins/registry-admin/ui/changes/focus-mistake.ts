import { nextTick } from 'vue'

/** Leads to the first field that does not do, which may be out of sight; what is wrong with it is read with it. */
export async function focusMistake(form: HTMLElement | null): Promise<void> {
  await nextTick()
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
