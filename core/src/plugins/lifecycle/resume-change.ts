import type { DesiredState } from '../journal/desired.ts'
import { changeVersion } from './change-version.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

/**
 * Goes on with a change of which no code had run when its host stopped, as if it were asked for again: what serves does so until
 * the other can, and goes on when that does not start.
 * @throws Problem that tells why it does not start
 */
export async function resumeChange(
  parts: LifecycleParts,
  slot: Slot,
  { pending, ...desired }: DesiredState,
  token: number,
): Promise<void> {
  if (!pending) return
  const { verb, to: target, canary } = pending
  const entry = await parts.catalogue.byDigest(target.digest)
  // Its package was taken away meanwhile: there is nothing to go on with.
  if (!entry) return parts.desired.put(desired)
  await changeVersion(parts, { slot, desired, verb, target, entry, canary: canary?.spec }, token)
}
