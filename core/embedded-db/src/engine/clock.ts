import { Timestamp } from 'bson'

/** The cluster time: seconds and an increment that grows with every logged operation. */
export class ClusterClock {
  private seconds: number
  private increment: number

  constructor(last: Timestamp) {
    this.seconds = last.high >>> 0
    this.increment = last.low >>> 0
  }

  /** The time of the last operation. */
  now(): Timestamp {
    return new Timestamp({ t: this.seconds, i: this.increment })
  }

  /** Reserves `count` consecutive times and returns the first. */
  next(count = 1): Timestamp {
    const wall = Math.floor(Date.now() / 1000)
    if (wall > this.seconds) {
      this.seconds = wall
      this.increment = 0
    }
    const first = new Timestamp({ t: this.seconds, i: this.increment + 1 })
    this.increment += count
    return first
  }
}
