import { setImmediate } from 'node:timers/promises'

const slice = 2

/** What a long computation asks between its steps. */
export interface Rests {
  /** A promise to wait for when the slice is used up. */
  rest(): Promise<void> | undefined
  /** The same between short steps: most of the time without a look at the clock. */
  step(): Promise<void> | undefined
}

/** Whether to look at the clock after so many steps of a slice: soon at first, for one of them may be long, then at each 16th. */
export function looksAtClock(steps: number): boolean {
  return (steps & 15) === 0 || (steps & (steps - 1)) === 0
}

/** Maps items one by one, resting between slices. */
export async function mapSliced<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => R,
  pacer: Rests,
): Promise<R[]> {
  const results: R[] = []
  for (let i = 0; i < items.length; i++) {
    results.push(map(items[i] as T, i))
    const rest = pacer.step()
    if (rest) await rest
  }
  return results
}

/** Keeps one computation from holding the event loop: `rest` is due once a slice of 2 ms has passed. */
export class Pacer implements Rests {
  private last = performance.now()
  private steps = 0
  private readonly onTurn: (() => void) | undefined

  constructor(onTurn?: () => void) {
    this.onTurn = onTurn
  }

  /** A promise to wait for when the slice is used up; undefined otherwise, so that the common case costs no tick. */
  rest(): Promise<void> | undefined {
    return performance.now() - this.last < slice ? undefined : this.pause()
  }

  step(): Promise<void> | undefined {
    return looksAtClock(++this.steps) ? this.rest() : undefined
  }

  private async pause(): Promise<void> {
    await setImmediate()
    this.onTurn?.()
    this.last = performance.now()
    this.steps = 0
  }
}
