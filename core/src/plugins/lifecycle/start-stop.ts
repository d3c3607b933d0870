import type { DesiredState } from '../journal/desired.ts'
import type { Reason } from '../journal/reasons.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import { mainRegions } from './lanes.ts'
import { keyOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { startLanes } from './regional.ts'
import type { Slot } from './slot.ts'
import { takeOver, windDown } from './swap.ts'

/** Starts what of a plugin does not run, in every region where it should. @throws Problem that tells why it does not start */
export async function startPlugin(
  parts: LifecycleParts,
  slot: Slot,
  desired: DesiredState,
  token: number,
  why: Reason,
): Promise<void> {
  try {
    await startEverywhere(parts, slot, desired, token, why)
  } catch (error) {
    throw error instanceof BringUpFailure ? error.toProblem(desired) : error
  } finally {
    await parts.changed()
  }
}

/** The same for those who look at the journal. @throws BringUpFailure when the version that most regions have does not start */
export async function startEverywhere(
  parts: LifecycleParts,
  slot: Slot,
  desired: DesiredState,
  token: number,
  why: Reason,
): Promise<void> {
  await startLanes(parts, slot, desired, token, why)
  if (!slot.active && mainRegions(parts, desired).length > 0)
    await takeOver(parts, slot, await bringUp(parts, keyOf(desired), token, why), token)
}

/** Takes a plugin out of service in every region and lets it finish what it has. */
export async function stopPlugin(parts: LifecycleParts, slot: Slot, token: number, why: Reason): Promise<void> {
  const { generations, version } = slot
  if (generations.length === 0) return parts.changed()
  slot.close()
  slot.show(version, 'DRAINING', why)
  await parts.changed()
  for (const [index, generation] of generations.entries()) {
    const isLast = !generations.slice(index + 1).some(({ key }) => sameGeneration(key, generation.key))
    await windDown(parts, isLast ? slot : undefined, generation, token, 'STOPPED', why)
  }
  await parts.ports.topics.release(slot.id)
  slot.show(version, 'STOPPED', why)
  await parts.changed()
}
