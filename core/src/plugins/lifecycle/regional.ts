import { Problem } from '@dcesop/sdk-plugin'
import type { Generation } from '../generation/generation.ts'
import type { DesiredState, RegionalState } from '../journal/desired.ts'
import { StaleToken } from '../journal/journal.ts'
import { because, type Reason, reasonOf, together } from '../journal/reasons.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import { mainRegions, ownVersions, withRegion } from './lanes.ts'
import { type Installed, keyOf } from './lookup.ts'
import { isLive } from './live.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'
import { windDown } from './swap.ts'

/** What an administrator wants of one region. */
export interface RegionalChange extends Installed {
  readonly region: string
  readonly own: RegionalState
  readonly why: Reason
}

/**
 * Changes what serves in one region. A generation's regions are fixed when it starts; so when a region leaves the rest or comes
 * back, the rest's version starts anew for its regions beside the running one, and all change hands together.
 * @throws Problem when a version does not start; nothing has changed then
 */
export async function changeRegion(parts: LifecycleParts, change: RegionalChange, token: number): Promise<void> {
  const { slot, desired, region, own, why } = change
  if (desired.pending?.canary) {
    const detail = `Version ${desired.pending.to.version} of "${slot.id}" is served as a canary. Promote it or roll it back first.`
    throw new Problem(409, 'plugin_canary_running', detail)
  }
  const next = withRegion(desired, region, own)
  const moved = slot.differsIn(region) !== (next.regions?.[region] !== undefined)
  const fresh = await bringUpFor(parts, change, next, moved, token)
  const replaced = [
    moved ? slot.active : undefined,
    slot.differsIn(region) ? slot.servingIn(region)?.generation : undefined,
  ]
  const old = replaced.flatMap((generation) => generation ?? [])
  const started = [fresh.main, fresh.own].flatMap((generation) => generation ?? [])
  for (const generation of started) await noteServing(parts, generation, token, why)
  const before = { main: slot.active, differed: slot.differsIn(region), own: replaced[1] }
  try {
    for (const generation of old) await generation.pause()
    for (const generation of started) await generation.activate()
    if (moved) slot.serve(fresh.main)
    if (next.regions?.[region]) slot.serveIn(region, fresh.own)
    else slot.followMain(region)
    // The versions before may have taken their time to pause.
    await parts.journal.holds(slot.id, token)
    await parts.desired.put(next, token)
    await parts.changed()
    await parts.nodes.followed(keyOf(next), region, next.regions?.[region] && (fresh.own?.key ?? null))
  } catch (error) {
    if (moved) slot.serve(before.main)
    if (before.differed) slot.serveIn(region, before.own)
    else slot.followMain(region)
    if (!(error instanceof StaleToken)) await parts.desired.put(desired, token)
    await takenBack(parts, slot, { started, old, token, error })
  }
  if (fresh.main) slot.show(fresh.main.key.version, 'ACTIVE')
  for (const generation of started) await noteActive(parts, generation, token, why)
  for (const generation of old) await windDown(parts, slot, generation, token, 'STOPPED', why)
  await parts.changed()
}

/** Another host does not start what was changed: the generations before serve again. @throws Problem that tells why */
async function takenBack(
  parts: LifecycleParts,
  slot: Slot,
  change: { started: readonly Generation[]; old: readonly Generation[]; token: number; error: unknown },
): Promise<never> {
  const { started, old, token, error } = change
  const why = reasonOf(error)
  for (const generation of started) await generation.stop()
  for (const generation of old) await generation.activate()
  for (const generation of started)
    if (!isLive(slot, generation)) await parts.journal.append(generation.key, 'FAILED', token, why)
  await parts.changed()
  const culprit = started.at(-1)?.key ?? old[0]?.key
  throw culprit ? new BringUpFailure(culprit, 'FAILED', error).toProblem() : error
}

/** Starts the versions of regions that have their own and do not serve, and notes those where the plugin is off. Each failure is its own. */
export async function startLanes(
  parts: LifecycleParts,
  slot: Slot,
  desired: DesiredState,
  token: number,
  why: Reason,
): Promise<void> {
  for (const region of Object.keys(desired.regions ?? {})) if (!slot.differsIn(region)) slot.serveIn(region, undefined)
  for (const { region, key } of ownVersions(desired)) {
    if (slot.servingIn(region)) continue
    try {
      const generation = await bringUp(parts, key, token, inRegion(why, region), [region])
      await generation.activate()
      slot.serveIn(region, generation)
      await noteServing(parts, generation, token, why)
      await noteActive(parts, generation, token, why)
    } catch (error) {
      // Its row says why; the other regions serve.
      if (!(error instanceof BringUpFailure)) throw error
    }
  }
}

/** Starts what the change needs; when one does not start, what did start is stopped. */
async function bringUpFor(
  parts: LifecycleParts,
  { slot, desired, region, why }: RegionalChange,
  next: DesiredState,
  moved: boolean,
  token: number,
): Promise<{ main?: Generation; own?: Generation }> {
  const fresh: { main?: Generation; own?: Generation } = {}
  const own = ownVersions(next).find((one) => one.region === region)?.key
  const regions = mainRegions(parts, next)
  let key = own ?? keyOf(desired)
  try {
    if (own) fresh.own = await bringUp(parts, own, token, inRegion(why, region), [region])
    key = keyOf(desired)
    if (moved && regions.length > 0) fresh.main = await bringUp(parts, key, token, why, regions)
    return fresh
  } catch (error) {
    await fresh.own?.stop()
    if (fresh.own && !isLive(slot, fresh.own)) await parts.journal.append(fresh.own.key, 'FAILED', token, why)
    throw error instanceof BringUpFailure ? error.toProblem(key) : error
  }
}

/** The rows of a generation are written by the first that comes and the last that goes, wherever they serve. */
async function noteActive(parts: LifecycleParts, { key }: Generation, token: number, why: Reason): Promise<void> {
  const state = await parts.journal.state(key)
  if (state === 'CANARY' || state === 'ACTIVE') await parts.journal.append(key, 'ACTIVE', token, why)
}

/** It serves here; ACTIVE when it does so everywhere. */
async function noteServing(parts: LifecycleParts, { key }: Generation, token: number, why: Reason): Promise<void> {
  if ((await parts.journal.state(key)) === 'READY') await parts.journal.append(key, 'CANARY', token, why)
}

function inRegion(why: Reason, region: string): Reason {
  return together(' ', why, because('in_region', { region }))
}
