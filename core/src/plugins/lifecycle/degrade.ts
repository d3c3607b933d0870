import { because } from '../journal/reasons.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

/** Journals that the breaker of the active generation opened or closed. A change under way has its own rows, so it is left alone. */
export function watchBreaker(parts: LifecycleParts, exclusive: Exclusive, slot: Slot, isDegraded: boolean): void {
  const generation = slot.active
  if (!generation || exclusive.isBusy(slot.id)) return
  const [from, to] = isDegraded ? (['ACTIVE', 'DEGRADED'] as const) : (['DEGRADED', 'ACTIVE'] as const)
  const why = because(isDegraded ? 'requests_failed' : 'requests_succeed')
  exclusive
    .run(slot.id, async (token) => {
      if (slot.active !== generation || (await parts.journal.state(generation.key)) !== from) return
      await parts.journal.append(generation.key, to, token, why)
      slot.show(generation.key.version, to, why)
      await parts.changed()
    })
    .catch((error: unknown) =>
      parts.log.error({ err: error, plugin: slot.id, to }, 'the state of a plugin could not be recorded'),
    )
}
