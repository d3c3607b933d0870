import { onBeforeUnmount, readonly, ref, type Ref } from 'vue'

/** Whether the screen is wide enough for widgets to stand beside one another and to be moved. */
export function useWide(): Readonly<Ref<boolean>> {
  const screen = matchMedia('(min-width: 48rem)')
  const wide = ref(screen.matches)
  const look = () => (wide.value = screen.matches)
  screen.addEventListener('change', look)
  onBeforeUnmount(() => screen.removeEventListener('change', look))
  return readonly(wide)
}
