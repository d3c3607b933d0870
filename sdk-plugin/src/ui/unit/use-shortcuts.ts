import { onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { UnitShortcut } from '../host.ts'
import { useHostRef } from './injection.ts'

/** Keys that work while the component lives. As a getter they follow what there is to do now, and the language of their labels. */
export function useShortcuts(shortcuts: MaybeRefOrGetter<readonly UnitShortcut[]>): void {
  const host = useHostRef()
  let remove = (): void => undefined
  watch(
    () => toValue(shortcuts),
    (now) => {
      remove()
      remove = host.value.addShortcuts(now)
    },
    { immediate: true },
  )
  onScopeDispose(() => remove())
}
