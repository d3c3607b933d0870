import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/**
 * Keeps what somebody writes in where it is on the screen when what stands above it grows, as parts of other plugins do that come
 * later. The browser does so by itself only for what it takes for its anchor.
 */
export function useKeptInPlace(element: Readonly<Ref<HTMLElement | null>>): void {
  /** Where it is as far as the page was scrolled since it was last seen: the event comes after what grew is there. */
  let expected = 0
  let scrolled = 0
  const top = () => element.value?.getBoundingClientRect().top ?? 0
  const look = () => {
    expected = top()
    scrolled = window.scrollY
  }
  const follow = () => {
    // Where it has not moved, the browser itself has kept it.
    if (Math.abs(top() - expected) > 1) expected -= window.scrollY - scrolled
    scrolled = window.scrollY
  }
  const observer = new ResizeObserver(() => {
    const moved = top() - expected
    const wasSeen = expected >= 0 && expected < window.innerHeight
    if (moved !== 0 && wasSeen && element.value?.contains(document.activeElement)) window.scrollBy(0, moved)
    look()
  })
  onMounted(() => {
    look()
    window.addEventListener('scroll', follow, { passive: true })
    observer.observe(document.body)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('scroll', follow)
    observer.disconnect()
  })
}
