import { onScopeDispose, readonly, type Ref, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { RealtimeMessage } from '../host.ts'
import { useHostRef } from './injection.ts'

export interface TopicChannel {
  readonly topic: string
  readonly region: string
  readonly key: string
}

export interface Topic {
  /** True once nothing can be missed any more; fetch the first state then (`useQuery` option `enabled`). */
  readonly joined: Readonly<Ref<boolean>>
  /** Why the server refused, for example `forbidden`. */
  readonly denied: Readonly<Ref<string | undefined>>
}

/**
 * Listens to (topic, region, key) while the component lives. The channel may be a getter: it rejoins when it changes, and
 * undefined leaves. `resync` is called when messages were lost, so refetch there.
 */
export function useTopic<Payload>(
  channel: MaybeRefOrGetter<TopicChannel | undefined>,
  listener: { message(message: RealtimeMessage<Payload>): void; resync(): void },
): Topic {
  const { realtime } = useHostRef().value
  const joined = ref(false)
  const denied = shallowRef<string>()
  let leave: (() => void) | undefined

  watch(
    () => JSON.stringify(toValue(channel) ?? null),
    (key) => {
      leave?.()
      leave = undefined
      joined.value = false
      denied.value = undefined
      const next = JSON.parse(key) as TopicChannel | null
      if (next === null) return
      leave = realtime.subscribe<Payload>(next, {
        message: listener.message,
        resync: listener.resync,
        joined: () => (joined.value = true),
        denied: (code) => (denied.value = code),
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => leave?.())
  return { joined: readonly(joined), denied: readonly(denied) }
}
