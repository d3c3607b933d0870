import { Problem } from '@dcesop/sdk-plugin'
import type { CanarySpec } from '../canary/spec.ts'
import { startTrial } from '../canary/trial.ts'
import type { Generation } from '../generation/generation.ts'
import type { DesiredState, PendingChange } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason } from '../journal/reasons.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { afterChange } from './after-change.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import type { Companion } from './cascade.ts'
import { brokenBy, hasDependants } from './dependants.ts'
import { type Installed, keyOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { takeOver, windDown } from './swap.ts'

export interface VersionChange extends Installed {
  readonly verb: PendingChange['verb']
  readonly target: GenerationKey
  readonly entry: CatalogueEntry
  /** With it the new version serves a cohort first, and the change ends with a promotion or a rollback. */
  readonly canary?: CanarySpec | undefined
  /** Dependants that change with it; noted, so that a host that stops in the middle knows. */
  readonly companions?: readonly Pick<Companion, 'from' | 'to'>[] | undefined
}

/** The version before stays in service until the new one is READY, and keeps it when the new one fails. */
export async function changeVersion(parts: LifecycleParts, change: VersionChange, token: number): Promise<void> {
  const { slot, desired, verb, target, entry, canary } = change
  refuseBroken(parts, entry)
  const { pending: _, ...from } = desired
  const pending = { verb, from: keyOf(from), to: target, ...(canary ? { canary: { spec: canary } } : {}) }
  const followers = followersOf(change)
  await parts.desired.put({ ...from, ...followers, pending }, token)
  try {
    const generation = await bringUp(parts, target, token, because(verb))
    if (canary) return await startTrial(parts, slot, generation, { ...from, pending }, canary, token)
    await prepareOthers(parts, generation, { ...from, ...followers, pending: { ...pending, prepare: true } }, token)
    const replaced = await takeOver(parts, slot, generation, token, () => commit(parts, change, token))
    await completed(parts, change, replaced, token)
  } catch (error) {
    if (!(error instanceof BringUpFailure)) throw error
    await parts.desired.put(from, token)
    await parts.changed()
    throw error.toProblem(target)
  }
}

/** Gives the canary to everybody. @throws Problem when it cannot take over; the version before then serves everybody again */
export async function promoteTrial(
  parts: LifecycleParts,
  { slot, desired }: Installed,
  entry: CatalogueEntry,
  token: number,
): Promise<void> {
  const { pending, ...from } = desired
  const generation = slot.trial?.serving.generation
  if (!pending || !generation) throw noCanary(slot.id)
  refuseBroken(parts, entry)
  const change = { slot, desired, entry, verb: pending.verb, target: pending.to }
  try {
    const replaced = await takeOver(parts, slot, generation, token, () => commit(parts, change, token))
    await completed(parts, change, replaced, token)
  } catch (error) {
    if (!(error instanceof BringUpFailure)) throw error
    slot.endTrial()
    await parts.desired.put(from, token)
    await parts.changed()
    throw error.toProblem(pending.to)
  } finally {
    await parts.figures.forget(slot.id)
  }
}

export function noCanary(plugin: string): Problem {
  return new Problem(409, 'plugin_no_canary', `No version of "${plugin}" is served as a canary.`)
}

/** The other hosts start the version beside what they have, so that all change at once. @throws BringUpFailure */
async function prepareOthers(
  parts: LifecycleParts,
  generation: Generation,
  desired: DesiredState,
  token: number,
): Promise<void> {
  try {
    if ((await parts.nodes.others()).length === 0) return
    await parts.desired.put(desired, token)
    await parts.nodes.prepared(generation.key)
  } catch (error) {
    await generation.stop()
    const failure = new BringUpFailure(generation.key, 'FAILED', error)
    await parts.journal.append(generation.key, 'FAILED', token, failure.why)
    throw failure
  }
}

/** The desired state says that the new version serves, and the other hosts follow. */
async function commit(parts: LifecycleParts, change: VersionChange, token: number): Promise<void> {
  const { desired, verb, target, entry } = change
  const after = afterChange(desired, { verb, to: target }, entry.manifest, parts.clock.now())
  await parts.desired.complete({ ...after, ...followersOf(change) }, target, token)
  await parts.changed()
  await parts.nodes.served(target)
}

/** The version before is put away. */
async function completed(
  parts: LifecycleParts,
  { slot, desired, verb, target }: VersionChange,
  replaced: Generation | undefined,
  token: number,
): Promise<void> {
  await parts.changed()
  const end = verb === 'rollback' ? 'ROLLED_BACK' : 'STOPPED'
  if (replaced) await windDown(parts, slot, replaced, token, end, because(`${verb}_to`, { version: target.version }))
  if (replaced && verb === 'configure') await retire(parts, replaced.key, token, because('configure'))
  const { previous: before } = desired
  if (before && verb === 'upgrade' && !sameGeneration(before, target))
    await retire(parts, before, token, because('two_behind'))
}

function followersOf({ companions }: VersionChange) {
  return companions ? { companions: companions.map(({ from, to }) => ({ from, to })) } : {}
}

async function retire(parts: LifecycleParts, key: GenerationKey, token: number, why: Reason): Promise<void> {
  if ((await parts.journal.state(key)) === 'STOPPED') await parts.journal.append(key, 'RETIRED', token, why)
}

/** @throws Problem 409 `plugin_has_dependants` with the list of running plugins that the version would stop */
function refuseBroken(parts: LifecycleParts, { manifest }: CatalogueEntry): void {
  const broken = brokenBy(parts, manifest)
  if (broken.length > 0) throw hasDependants(manifest, broken)
}
