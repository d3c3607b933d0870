import { onBeforeUnmount, onMounted, type Ref } from 'vue'

function writesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}

/** Runs `run` for a single letter pressed inside `root`, never in a field: it only works where the focus already is (WCAG 2.1.4). */
export function useLetterKeys(
  root: Readonly<Ref<HTMLElement | null>>,
  keys: Readonly<Record<string, () => void>>,
): void {
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || writesText(event.target)) return
    const run = keys[event.key]
    if (run === undefined) return
    event.preventDefault()
    run()
  }
  onMounted(() => root.value?.addEventListener('keydown', press))
  onBeforeUnmount(() => root.value?.removeEventListener('keydown', press))
}

/** `j` and `k` move the focus along the elements of a list that match `selector`. */
export function useListKeys(root: Readonly<Ref<HTMLElement | null>>, selector: string): void {
  function move(step: number): void {
    const items = [...(root.value?.querySelectorAll<HTMLElement>(selector) ?? [])]
    const at = items.findIndex((item) => item.contains(document.activeElement))
    const next = items[at === -1 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))]
    if (next !== undefined && !next.matches('a, button')) next.tabIndex = -1
    next?.focus()
  }
  useLetterKeys(root, { j: () => move(1), k: () => move(-1) })
}
