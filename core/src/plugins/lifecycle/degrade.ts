import { because } from '../journal/reasons.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

/** Reasons by what opened the breaker: that it did, and that it closed. */
const told = {
  errors: ['requests_failed', 'requests_succeed'],
  slow: ['requests_slow', 'requests_succeed'],
  loop: ['loop_held', 'requests_succeed'],
  health: ['unwell', 'well_again'],
} as const

/**
 * Journals that the breaker of what serves opened or closed; after a change that is under way, and only if it is still so then: the
 * new version may be failing while the one before finishes its requests.
 */
export function watchBreaker(parts: LifecycleParts, exclusive: Exclusive, slot: Slot, isDegraded: boolean): void {
  const [from, to] = isDegraded ? (['ACTIVE', 'DEGRADED'] as const) : (['DEGRADED', 'ACTIVE'] as const)
  exclusive
    .quietly(slot.id, async (token) => {
      const { main } = slot
      if (main?.breaker.isOpen !== isDegraded) return
      const { key } = main.generation
      if ((await parts.journal.state(key)) !== from) return
      const [bad, good] = told[main.breaker.cause]
      const why = because(isDegraded ? bad : good)
      await parts.journal.append(key, to, token, why)
      slot.show(key.version, to, why)
      await parts.changed()
    })
    .catch((error: unknown) =>
      parts.log.error({ err: error, plugin: slot.id, to }, 'the state of a plugin could not be recorded'),
    )
}
