import type { GenerationKey } from '../journal/journal.ts'
import { because } from '../journal/reasons.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { type Companion, startAgain, startCompanions, stopAll } from './cascade.ts'
import { changeVersion } from './change-version.ts'
import type { TokenOf } from './exclusive.ts'
import { type Installed, installedOf, keyOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { windowMs } from './rollback-window.ts'

/**
 * Upgrades a plugin and the dependants that have to change with it: these stop, the outermost first, the plugin changes, and
 * they start in their new versions. What fails on the way is taken back, so that all run as before.
 * @throws Problem of the one that failed
 */
export async function upgradeTogether(
  parts: LifecycleParts,
  { slot, desired }: Installed,
  { entry, target }: { entry: CatalogueEntry; target: GenerationKey },
  companions: readonly Companion[],
  tokenOf: TokenOf,
): Promise<void> {
  const order = companions.map(({ plugin }) => plugin)
  const token = tokenOf(slot.id)
  const startOld = async () => {
    for (const plugin of order) await startAgain(parts, plugin, tokenOf)
  }
  await stopAll(parts, order.toReversed(), tokenOf, because('upgrade_of', { plugin: slot.id }))
  try {
    await changeVersion(parts, { slot, desired, verb: 'upgrade', target, entry, companions }, token)
  } catch (error) {
    await startOld()
    throw error
  }
  try {
    await startCompanions(parts, companions, tokenOf)
  } catch (error) {
    await goBack(parts, slot.id, desired, token)
    await startOld()
    throw error
  }
  for (const one of companions) await follow(parts, one, windowMs(one.manifest), tokenOf(one.plugin))
  const { companions: _, ...done } = (await installedOf(parts, slot.id)).desired
  await parts.desired.put(done, token)
  await parts.changed()
}

/** The desired state of a dependant follows what it changed with. @param window ms in which it can be rolled back */
export async function follow(
  parts: LifecycleParts,
  { from, to }: Pick<Companion, 'from' | 'to'>,
  window: number,
  token: number,
): Promise<void> {
  const desired = await parts.desired.get(to.plugin)
  // One that was only started again has nothing to go back to.
  if (!desired || sameGeneration(from, to)) return
  const now = parts.clock.now()
  const rollbackUntil = new Date(now.getTime() + window)
  await parts.desired.put({ ...desired, ...to, since: now, previous: from, rollbackUntil }, token)
}

async function goBack(parts: LifecycleParts, plugin: string, to: GenerationKey, token: number): Promise<void> {
  const entry = await parts.catalogue.byDigest(to.digest)
  if (!entry) throw new Error(`The package of "${plugin}" ${to.version} is no longer in the store.`)
  const { slot, desired } = await installedOf(parts, plugin)
  const { companions: _, ...current } = desired
  await changeVersion(parts, { slot, desired: current, verb: 'rollback', target: keyOf(to), entry }, token)
}
