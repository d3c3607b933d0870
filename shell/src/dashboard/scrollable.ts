import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue'

/** Whether an element's content overflows: then it must be a tab stop, or the keyboard cannot scroll it (WCAG 2.1.1). */
export function useScrollable(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const scrollable = ref(false)
  const measure = () => {
    const target = element.value
    scrollable.value =
      target !== null && (target.scrollHeight > target.clientHeight + 1 || target.scrollWidth > target.clientWidth + 1)
  }
  const observer = new ResizeObserver(measure)
  const contents = new MutationObserver(measure)
  onMounted(() => {
    if (element.value === null) return
    observer.observe(element.value)
    contents.observe(element.value, { childList: true, subtree: true, characterData: true })
  })
  onBeforeUnmount(() => {
    observer.disconnect()
    contents.disconnect()
  })
  return scrollable
}
