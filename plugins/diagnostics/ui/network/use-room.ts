import { onScopeDispose, readonly, type Ref, ref, watch } from 'vue'

/** Whether an element is at least so wide (CSS pixels); false until it is on screen. */
export function useRoom(element: Readonly<Ref<HTMLElement | null>>, pixels: number): Readonly<Ref<boolean>> {
  const enough = ref(false)
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) enough.value = entry.contentRect.width >= pixels
  })
  watch(element, (now, before) => {
    if (before) observer.unobserve(before)
    if (now === null) return
    enough.value = now.clientWidth >= pixels
    observer.observe(now)
  })
  onScopeDispose(() => observer.disconnect())
  return readonly(enough)
}
