import type { GenerationKey } from '../journal/journal.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'
import { takeOver, windDown } from './swap.ts'

/** Starts a plugin that does not run. @throws Problem that tells why it does not start */
export async function startPlugin(
  parts: LifecycleParts,
  slot: Slot,
  key: GenerationKey,
  token: number,
  reason: string,
): Promise<void> {
  try {
    await takeOver(parts, slot, await bringUp(parts, key, token, reason), token)
  } catch (error) {
    throw error instanceof BringUpFailure ? error.toProblem(key) : error
  } finally {
    await parts.changed()
  }
}

/** Takes a plugin out of service and lets it finish what it has. */
export async function stopPlugin(parts: LifecycleParts, slot: Slot, token: number, reason: string): Promise<void> {
  const generation = slot.active
  if (!generation) return parts.changed()
  slot.serve(undefined)
  slot.show(generation.key.version, 'DRAINING', reason)
  await parts.changed()
  await windDown(parts, generation, token, 'STOPPED', reason)
  await parts.ports.topics.release(slot.id)
  slot.show(generation.key.version, 'STOPPED', reason)
  await parts.changed()
}
