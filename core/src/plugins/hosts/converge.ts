import type { Generation } from '../generation/generation.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { told } from '../journal/reasons.ts'
import type { State } from '../journal/states.ts'
import { bringUp } from '../lifecycle/bring-up.ts'
import { mainRegions, ownVersions } from '../lifecycle/lanes.ts'
import { keyOf, sameGeneration } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { Slot } from '../lifecycle/slot.ts'

/** States in which a generation serves somewhere, so that it may start here: its migrations have run. */
const serving: readonly State[] = ['CANARY', 'ACTIVE', 'DEGRADED']
const atRest: readonly State[] = ['STOPPED', 'FAILED', 'REJECTED', 'QUARANTINED', 'ROLLED_BACK', 'RETIRED']

/**
 * Brings this host to what another one has made of a plugin. It writes no rows: they are of the host that made the change.
 * @throws BringUpFailure when something does not start here; the rest is as before
 */
export async function converge(parts: LifecycleParts, slot: Slot, desired: DesiredState | undefined): Promise<void> {
  await prepare(parts, slot, desired)
  await followMain(parts, slot, desired)
  await followTrial(parts, slot, desired)
}

/** Starts what another host is about to change to, so that it can take over at once; lets go of what is no longer wanted. */
async function prepare(parts: LifecycleParts, slot: Slot, desired: DesiredState | undefined): Promise<void> {
  const wanted = desired?.pending?.prepare ? desired.pending.to : undefined
  const { prepared } = slot
  if (prepared && !isOneOf(prepared.key, wanted, desired)) {
    slot.prepared = undefined
    await prepared.stop()
  }
  if (!wanted || slot.prepared || (slot.active && sameGeneration(slot.active.key, wanted))) return
  slot.prepared = await bringUp(parts, wanted, undefined, undefined)
}

async function followMain(parts: LifecycleParts, slot: Slot, desired: DesiredState | undefined): Promise<void> {
  const state = desired && (await parts.journal.state(desired))
  // Another host is still at it.
  if (desired?.enabled && state && !serving.includes(state) && !atRest.includes(state)) return
  const main = desired?.enabled && state && serving.includes(state) ? keyOf(desired) : undefined
  const lanes = desired ? await servingLanes(parts, desired) : []
  const own = new Map(lanes.map(({ region, key }) => [region, key]))
  const regions = main && desired ? mainRegions(parts, desired) : []
  const moved = !sameSet(slot.ownRegions, Object.keys(desired?.regions ?? {}))
  const current = slot.active
  const keepsMain = main && regions.length > 0 ? current && sameGeneration(current.key, main) && !moved : !current
  const changed = [...new Set([...slot.ownRegions, ...own.keys()])].filter(
    (region) => !servesAlready(slot, region, own),
  )
  if (keepsMain && changed.length === 0 && !moved) return
  const fresh: Generation[] = []
  try {
    const next = keepsMain
      ? current
      : main && regions.length > 0
        ? await nextMain(parts, slot, main, regions, moved)
        : undefined
    if (next && next !== current) fresh.push(next)
    const lanesNext = new Map<string, Generation>()
    for (const region of changed) {
      const key = own.get(region)
      if (key) lanesNext.set(region, await bringUp(parts, key, undefined, undefined, [region]))
    }
    fresh.push(...lanesNext.values())
    const left = [
      ...(next === current ? [] : [current]),
      ...changed.map((region) => (slot.differsIn(region) ? slot.servingIn(region)?.generation : undefined)),
    ].flatMap((generation) => generation ?? [])
    for (const generation of left) await generation.pause()
    for (const generation of fresh) await generation.activate()
    if (next !== current) slot.serve(next)
    for (const region of slot.ownRegions) if (!(region in (desired?.regions ?? {}))) slot.followMain(region)
    for (const region of Object.keys(desired?.regions ?? {}))
      if (changed.includes(region) || !slot.differsIn(region)) slot.serveIn(region, lanesNext.get(region))
    if (next) await parts.permissions.define(next.manifest)
    slot.show(desired?.version ?? slot.version, shownState(state, main), await whyNot(parts, desired, main))
    await parts.changed()
    for (const generation of left) await end(generation)
  } catch (error) {
    for (const generation of fresh) await generation.stop()
    throw error
  }
}

async function nextMain(
  parts: LifecycleParts,
  slot: Slot,
  key: GenerationKey,
  regions: readonly string[],
  moved: boolean,
): Promise<Generation> {
  const { prepared } = slot
  const trial = slot.trial?.serving.generation
  if (!moved && prepared && sameGeneration(prepared.key, key)) {
    slot.prepared = undefined
    return prepared
  }
  if (!moved && trial && sameGeneration(trial.key, key)) return trial
  return bringUp(parts, key, undefined, undefined, regions)
}

async function followTrial(parts: LifecycleParts, slot: Slot, desired: DesiredState | undefined): Promise<void> {
  const { canary, to } = desired?.pending ?? {}
  const wanted = canary?.startedAt && to && (await parts.journal.state(to)) === 'CANARY' ? to : undefined
  const current = slot.trial?.serving.generation
  if (current && !(wanted && sameGeneration(current.key, wanted))) {
    slot.endTrial()
    await parts.changed()
    await end(current)
  }
  if (!wanted || !canary?.startedAt || slot.trial) return
  slot.tryOut(await bringUp(parts, wanted, undefined, undefined), canary.spec, canary.startedAt)
  await parts.changed()
}

async function servingLanes(parts: LifecycleParts, desired: DesiredState) {
  const lanes = await Promise.all(
    ownVersions(desired).map(async (lane) => ({ lane, state: await parts.journal.state(lane.key) })),
  )
  return lanes.flatMap(({ lane, state }) => (state && serving.includes(state) ? [lane] : []))
}

function servesAlready(slot: Slot, region: string, own: ReadonlyMap<string, GenerationKey>): boolean {
  const current = slot.differsIn(region) ? slot.servingIn(region)?.generation.key : undefined
  const wanted = own.get(region)
  return current && wanted ? sameGeneration(current, wanted) : current === wanted
}

function shownState(state: State | undefined, main: GenerationKey | undefined): State {
  if (main) return state === 'DEGRADED' ? 'DEGRADED' : 'ACTIVE'
  return state && atRest.includes(state) ? state : 'STOPPED'
}

async function whyNot(parts: LifecycleParts, desired: DesiredState | undefined, main: GenerationKey | undefined) {
  const last = desired && !main ? await parts.journal.lastOf(desired) : undefined
  return last && told(last)
}

async function end(generation: Generation): Promise<void> {
  await generation.pause()
  await generation.drain()
  await generation.stop()
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}

function isOneOf(key: GenerationKey, ...given: readonly (GenerationKey | undefined)[]): boolean {
  return given.some((one) => one !== undefined && sameGeneration(one, key))
}
