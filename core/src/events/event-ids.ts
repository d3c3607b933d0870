import { neverBack } from '../identity/never-back.ts'
import type { Clock } from '../ports.ts'
import { ObjectId } from './object-id.ts'

/**
 * Ids of events, and the time that they go by. Both grow also where the host's clock is put back: consumers do not look behind the
 * position that they have reached.
 */
export class EventIds implements Clock {
  readonly #source: Clock
  #clock: Clock

  constructor(source: Clock) {
    this.#source = source
    this.#clock = neverBack(source)
  }

  now(): Date {
    return this.#clock.now()
  }

  next(): ObjectId {
    return new ObjectId(ObjectId.generate(Math.floor(this.now().getTime() / 1000)))
  }

  /** Ids to come are greater than this one, which is stored. */
  goOnAfter(stored: ObjectId): void {
    const after = new Date(stored.getTimestamp().getTime() + 1000)
    if (after > this.now()) this.#clock = neverBack(this.#source, undefined, after)
  }
}
