import { Problem } from '@dcesop/sdk-plugin'
import type { DesiredState } from '../journal/desired.ts'
import { endAbandoned } from './abandoned.ts'
import { changeVersion } from './change-version.ts'
import type { TokenOf } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'
import { upgradeTogether } from './upgrade-together.ts'

/**
 * Goes on with a change of which no code had run when its host stopped, as if it were asked for again: what serves does so until
 * the other can, and goes on when that does not start or may not any more.
 * @param tokenOf of the plugin and of the dependants that change with it
 * @throws Problem that tells why it does not start
 */
export async function resumeChange(
  parts: LifecycleParts,
  slot: Slot,
  { pending, companions = [], ...desired }: DesiredState,
  tokenOf: TokenOf,
): Promise<void> {
  if (!pending) return
  const { verb, to: target, canary } = pending
  const entry = await parts.catalogue.byDigest(target.digest)
  const others = await Promise.all(
    companions.map(async (one) => ({ ...one, entry: await parts.catalogue.byDigest(one.to.digest) })),
  )
  const found = others.flatMap((one) =>
    one.entry ? [{ plugin: one.to.plugin, from: one.from, to: one.to, manifest: one.entry.manifest }] : [],
  )
  // A package was taken away meanwhile: there is nothing to go on with.
  if (!entry || found.length < others.length) return giveUp(parts, desired, tokenOf(slot.id))
  try {
    if (found.length > 0) await upgradeTogether(parts, { slot, desired }, { entry, target }, found, tokenOf)
    else await changeVersion(parts, { slot, desired, verb, target, entry, canary: canary?.spec }, tokenOf(slot.id))
  } catch (error) {
    // Anything else, such as a database that is away, is no answer to whether it may.
    if (error instanceof Problem) await giveUp(parts, desired, tokenOf(slot.id))
    throw error
  }
}

/** The change is not under way any more; what came of it meanwhile stays. */
export async function giveUp(parts: LifecycleParts, { plugin }: DesiredState, token: number): Promise<void> {
  const now = await parts.desired.get(plugin)
  if (!now?.pending) return
  const { pending: _, companions: __, ...rest } = now
  await parts.desired.put(rest, token)
  await endAbandoned(parts, rest, token)
}
