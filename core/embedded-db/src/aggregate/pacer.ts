import { setImmediate } from 'node:timers/promises'

const slice = 4

/** Keeps one computation from holding the event loop: `rest` is due once a slice of 4 ms has passed. */
export class Pacer {
  private last = performance.now()
  private readonly onTurn: (() => void) | undefined

  constructor(onTurn?: () => void) {
    this.onTurn = onTurn
  }

  /** A promise to wait for when the slice is used up; undefined otherwise, so that the common case costs no tick. */
  rest(): Promise<void> | undefined {
    return performance.now() - this.last < slice ? undefined : this.pause()
  }

  private async pause(): Promise<void> {
    await setImmediate()
    this.onTurn?.()
    this.last = performance.now()
  }
}
