import { nextTick } from 'vue'

/** Leads to the first thing of a form that is wrong; it may be out of sight, and what is wrong with it is read with it. */
export async function focusWrong(form: HTMLElement | null): Promise<void> {
  await nextTick()
  form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong]')?.focus()
}
