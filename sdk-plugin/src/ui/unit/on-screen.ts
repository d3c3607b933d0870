import { type App, inject, type InjectionKey, readonly, ref, type Ref } from 'vue'

const key: InjectionKey<Readonly<Ref<boolean>>> = Symbol('dcesop.onScreen')

/** Tells the queries of an app whether any of its element can be seen. @returns function that stops */
export function provideOnScreen(app: App, element: HTMLElement): () => void {
  const seen = ref(true)
  app.provide(key, readonly(seen))
  if (typeof IntersectionObserver === 'undefined') return () => undefined
  const observer = new IntersectionObserver((entries) => (seen.value = entries.at(-1)?.isIntersecting ?? true))
  observer.observe(element)
  return () => observer.disconnect()
}

/** Undefined outside of a unit: the shell's own screens are seen while they are there. */
export function useOnScreen(): Readonly<Ref<boolean>> | undefined {
  return inject(key, undefined)
}
