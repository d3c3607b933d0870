import { nextTick, onScopeDispose, readonly, type Ref, ref, watch } from 'vue'

/** Whether the customer's cards stand in one column, as the style sheet decides by the room that there is. */
export function useStacked(grid: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const stacked = ref(false)
  const observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return
    stacked.value = getComputedStyle(entry.target).getPropertyValue('--customer-layout') === ''
  })
  watch(grid, (now, before) => {
    if (before) observer.unobserve(before)
    if (now) observer.observe(now)
  })
  // A card that is put in another place loses the focus there.
  watch(stacked, async () => {
    const held = document.activeElement
    await nextTick()
    if (held instanceof HTMLElement && document.activeElement !== held) held.focus({ preventScroll: true })
  })
  onScopeDispose(() => observer.disconnect())
  return readonly(stacked)
}
