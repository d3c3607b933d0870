import { type DesiredState, whyDisabled } from '../journal/desired.ts'
import { because } from '../journal/reasons.ts'
import { isTransient, type State } from '../journal/states.ts'
import { bringUp } from './bring-up.ts'
import { mainRegions, ownVersions } from './lanes.ts'
import { keyOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { giveUp, resumeChange } from './resume-change.ts'
import { settle } from './settle.ts'
import type { Slot } from './slot.ts'
import { takeOver, windDown } from './swap.ts'
import { finishRemoval } from './uninstall.ts'

/** Settles a change that its host left, and brings up here what came of it. */
export async function finish(
  parts: LifecycleParts,
  slot: Slot,
  state: DesiredState,
  token: number,
  isOurs = false,
): Promise<void> {
  if (state.removing) return finishRemoval(parts, state, token)
  const settled = await settle(parts, state, token)
  if (settled.pending && !settled.pending.canary?.startedAt) {
    // Those that change with it are not held here; here they serve.
    return settled.companions ? giveUp(parts, settled, token) : resumeChange(parts, slot, settled, () => token)
  }
  const { version, enabled } = settled
  for (const { region, key } of ownVersions(settled)) {
    const here = slot.servingIn(region)?.generation.key
    if (here && sameGeneration(here, key) && (await parts.journal.state(key)) === 'CANARY')
      await parts.journal.append(key, 'ACTIVE', token, because('settled'))
  }
  const reached = await parts.journal.state(settled)
  if (slot.active && sameGeneration(slot.active.key, settled)) {
    // Its host had made it known to all, but not that all serve it.
    if (reached !== 'CANARY') return
    await parts.journal.append(settled, 'ACTIVE', token, because('settled'))
    return slot.show(version, 'ACTIVE')
  }
  if (!enabled) return slot.show(version, 'STOPPED', whyDisabled(settled))
  // What has come to an end, or serves only where regions have their own, is as it should be.
  if (isOurs && (hasEnded(reached) || mainRegions(parts, settled).length === 0)) return
  // It may have brought that host down; here it did not.
  if (!isOurs && (reached === 'STARTING' || reached === 'READY')) {
    const why = because('host_gone')
    await parts.journal.append(settled, 'FAILED', token, why)
    return slot.show(version, 'FAILED', why)
  }
  const replaced = await takeOver(parts, slot, await bringUp(parts, keyOf(settled), token, because('settled')), token)
  if (replaced) await windDown(parts, slot, replaced, token, 'STOPPED', because('settled'))
}

function hasEnded(state: State | undefined): boolean {
  return state !== undefined && !isTransient(state) && state !== 'STOPPED' && state !== 'ACTIVE' && state !== 'DEGRADED'
}
