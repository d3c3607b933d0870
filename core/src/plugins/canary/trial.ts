import type { Generation } from '../generation/generation.ts'
import type { DesiredState } from '../journal/desired.ts'
import { because, type Reason } from '../journal/reasons.ts'
import { bringUp, BringUpFailure } from '../lifecycle/bring-up.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { interruptedStarts, mostInterruptedStarts } from '../lifecycle/recover.ts'
import type { Slot } from '../lifecycle/slot.ts'
import type { CanarySpec } from './spec.ts'

/** Lets a READY generation serve its cohort beside the version before, which keeps jobs, events and capabilities. */
export async function startTrial(
  parts: LifecycleParts,
  slot: Slot,
  generation: Generation,
  desired: DesiredState,
  spec: CanarySpec,
  token: number,
): Promise<void> {
  const startedAt = parts.clock.now()
  const { pending } = desired
  if (!pending) throw new Error(`A canary of "${slot.id}" begins without a change under way.`)
  await parts.journal.append(generation.key, 'CANARY', token, trialReason(spec))
  await parts.desired.put({ ...desired, pending: { ...pending, canary: { spec, startedAt } } }, token)
  slot.tryOut(generation, spec, startedAt)
  await parts.changed()
}

/** Ends a canary: the version before serves everybody at once, the canary finishes what it has and stops. */
export async function endTrial(
  parts: LifecycleParts,
  slot: Slot,
  desired: DesiredState,
  token: number,
  why: Reason,
): Promise<void> {
  const generation = slot.trial?.serving.generation
  slot.endTrial()
  const { pending, ...rest } = desired
  await parts.desired.put(rest, token)
  await parts.changed()
  if (generation) {
    await generation.drain()
    await generation.stop()
  }
  if (pending) await parts.journal.append(pending.to, 'ROLLED_BACK', token, why)
  await parts.figures.forget(slot.id)
}

/** After a start of the host: the canary goes on where it was, with the same people and the figures so far. */
export async function resumeTrial(
  parts: LifecycleParts,
  slot: Slot,
  desired: DesiredState,
  token: number,
): Promise<void> {
  const { canary, to } = desired.pending ?? {}
  if (!to || !canary?.startedAt) return
  const interrupted = interruptedStarts(await parts.journal.of(slot.id), to)
  if (interrupted >= mostInterruptedStarts) {
    return endTrial(parts, slot, desired, token, because('canary_interrupted', { count: interrupted }))
  }
  try {
    const generation = await bringUp(parts, to, token, because('host_started'))
    await parts.journal.append(to, 'CANARY', token, trialReason(canary.spec))
    slot.tryOut(generation, canary.spec, canary.startedAt)
  } catch (error) {
    if (!(error instanceof BringUpFailure)) throw error
    // Its row says why; the version before goes on alone.
    const { pending: _, ...rest } = desired
    await parts.desired.put(rest, token)
  }
}

function trialReason({ cohort, minRequests, minSeconds, promote }: CanarySpec): Reason {
  const end = { minRequests, minSeconds, promote }
  if ('regions' in cohort) return because('canary_regions', { ...cohort, ...end })
  if ('subjects' in cohort) return because('canary_people', { count: cohort.subjects.length, ...end })
  return because('canary_percent', { ...cohort, ...end })
}
