import { Problem } from '@dcesop/sdk-plugin'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GenerationKey } from '../journal/journal.ts'
import type { Reason } from '../journal/reasons.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { quarantine } from '../lifecycle/quarantine.ts'

const againMs = 500

/** Puts a plugin into quarantine whose process ended too often, unless another version serves meanwhile. Never rejects. */
export async function giveUp(
  parts: LifecycleParts,
  exclusive: Exclusive,
  { plugin, version }: GenerationKey,
  why: Reason,
): Promise<void> {
  const serves = () => parts.slots.get(plugin)?.active?.key.version === version
  while (serves()) {
    try {
      return await quarantine(parts, exclusive, plugin, why)
    } catch (error) {
      const isBusy = error instanceof Problem && error.code === 'plugin_busy'
      if (!isBusy)
        parts.log.error({ err: error, plugin, version }, 'a plugin could not be put into quarantine; it is tried again')
      await sleep(againMs)
    }
  }
}
