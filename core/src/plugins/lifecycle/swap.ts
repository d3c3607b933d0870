import type { Generation } from '../generation/generation.ts'
import { because, type Reason } from '../journal/reasons.ts'
import { mayFollow, type State } from '../journal/states.ts'
import { BringUpFailure } from './bring-up.ts'
import { isLive } from './live.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

/**
 * Makes a READY generation the one that serves, without a request in between that nobody answers. The previous generation
 * stops its background work first, so that nothing runs twice, and takes it up again should the successor fail.
 * @param commit makes it known, and resolves when the other hosts have followed; then it is ACTIVE
 * @returns the generation that served before
 * @throws BringUpFailure
 */
export async function takeOver(
  parts: LifecycleParts,
  slot: Slot,
  generation: Generation,
  token: number,
  commit: () => Promise<void> = () => parts.nodes.served(generation.key),
): Promise<Generation | undefined> {
  const { key, manifest } = generation
  const previous = slot.active
  const append = isLive(slot, generation) ? noRow : parts.journal.append.bind(parts.journal)
  try {
    // After a canary of a cohort the row is there.
    if (slot.trial?.serving.generation !== generation) await append(key, 'CANARY', token, because('everybody'))
    await previous?.pause()
    await generation.activate()
    slot.serve(generation)
    await commit()
    await append(key, 'ACTIVE', token)
  } catch (error) {
    slot.serve(previous)
    await generation.stop()
    await previous?.activate()
    const failure = new BringUpFailure(key, 'FAILED', error)
    await append(key, 'FAILED', token, failure.why)
    if (!previous) slot.show(key.version, 'FAILED', failure.why)
    throw failure
  }
  slot.show(key.version, 'ACTIVE')
  await parts.permissions.define(manifest)
  return previous
}

/**
 * Lets a generation that no longer gets requests finish those it has, then stops it.
 * @param slot undefined when it is not the last of its version that goes
 * @param end `STOPPED` keeps it for a rollback
 */
export async function windDown(
  parts: LifecycleParts,
  slot: Slot | undefined,
  generation: Generation,
  token: number,
  end: State,
  why: Reason,
): Promise<void> {
  const { key } = generation
  const isLast = slot !== undefined && !isLive(slot, generation)
  // Another host may have written that it stopped, which this one had yet to follow.
  const append = async (to: State, because?: Reason) => {
    if (isLast && mayFollow(await parts.journal.state(key), to)) await parts.journal.append(key, to, token, because)
  }
  try {
    await append('DRAINING', why)
  } finally {
    // Nobody gets to it any more, and its jobs would run on: also where the row cannot be written now.
    await generation.pause()
    await generation.drain()
    await generation.stop()
  }
  await append(end)
}

const noRow = () => Promise.resolve(undefined)
