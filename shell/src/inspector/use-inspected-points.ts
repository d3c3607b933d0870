import { onBeforeUnmount, shallowRef } from 'vue'
import type { SlotView, Slots } from '../supervisor/slots.ts'

/** The extension points on screen, kept up to date and outlined on the page as long as somebody inspects them. */
export function useInspectedPoints(slots: Slots) {
  const views = shallowRef<readonly SlotView[]>([])
  const outlined = new Set<HTMLElement>()

  function clear(): void {
    for (const element of outlined) delete element.dataset['inspected']
    outlined.clear()
  }
  function look(): void {
    views.value = slots.inspect()
    clear()
    for (const { element, point } of views.value) {
      element.dataset['inspected'] = point
      outlined.add(element)
    }
  }
  look()
  const stop = slots.onChange(look)
  onBeforeUnmount(() => {
    stop()
    clear()
  })
  return views
}
