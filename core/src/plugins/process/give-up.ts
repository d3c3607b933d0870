import { Problem } from '@dcesop/sdk-plugin'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CanaryEnds } from '../canary/watch.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { Reason } from '../journal/reasons.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { quarantine } from '../lifecycle/quarantine.ts'

const againMs = 500

/**
 * Takes a version out of service whose process ended too often, unless it does not serve any more: a canary ends, and whatever else
 * it is, for most or in a region, is put into quarantine. Never rejects.
 * @param key of the very generation
 */
export async function giveUp(
  parts: LifecycleParts,
  exclusive: Exclusive,
  ends: Pick<CanaryEnds, 'rollback'>,
  key: GenerationKey,
  why: Reason,
): Promise<void> {
  const { plugin, version, digest } = key
  for (;;) {
    const slot = parts.slots.get(plugin)
    if (!slot?.generations.some((generation) => generation.key === key)) return
    try {
      const isTried = slot.trial?.serving.generation.key === key
      return await (isTried ? ends.rollback(plugin, why) : quarantine(parts, exclusive, plugin, why, digest))
    } catch (error) {
      const isBusy = error instanceof Problem && error.code === 'plugin_busy'
      if (!isBusy)
        parts.log.error(
          { err: error, plugin, version },
          'a plugin could not be taken out of service; it is tried again',
        )
      await sleep(againMs)
    }
  }
}
