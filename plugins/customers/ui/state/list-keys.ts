import type { I18n, UnitShortcut } from '@dcesop/sdk-plugin/ui'
import type { Ref } from 'vue'

/** `j` and `k` move the focus along the elements of a list that match `selector`. */
export function listKeys(
  root: Readonly<Ref<HTMLElement | null>>,
  selector: string,
  text: Pick<I18n, 't'>,
): UnitShortcut[] {
  function move(step: number): void {
    const items = [...(root.value?.querySelectorAll<HTMLElement>(selector) ?? [])]
    const at = items.findIndex((item) => item.contains(document.activeElement))
    const next = items[at === -1 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))]
    if (next !== undefined && !next.matches('a, button')) next.tabIndex = -1
    next?.focus()
  }
  return [
    { keys: 'j', label: text.t('keys.next'), run: () => move(1) },
    { keys: 'k', label: text.t('keys.previous'), run: () => move(-1) },
  ]
}
