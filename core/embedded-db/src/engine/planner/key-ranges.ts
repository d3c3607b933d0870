import { MAX_KEY_BYTES } from '../../keys/index-keys.ts'
import { prefixEnd } from '../../keys/ranges.ts'
import type { KeyRange } from '../../keys/ranges.ts'
import type { Interval } from './list-points.ts'

/** What of an array those who read ranges need. */
export interface Ranges extends Iterable<KeyRange> {
  readonly length: number
  at(index: number): KeyRange | undefined
}

/** The intervals behind each of some prefixes, made when they are read: a list of $in may have a hundred thousand. */
export class LongRanges implements Ranges {
  readonly length: number
  private readonly prefixes: readonly Buffer[]
  private readonly intervals: readonly Interval[]

  constructor(prefixes: readonly Buffer[], intervals: readonly Interval[]) {
    this.prefixes = prefixes
    this.intervals = intervals
    this.length = prefixes.length * intervals.length
  }

  at(index: number): KeyRange | undefined {
    const i = index < 0 ? this.length + index : index
    const prefix = this.prefixes[Math.floor(i / this.intervals.length)]
    const interval = this.intervals[i % this.intervals.length]
    return prefix && interval && rangeOf(prefix, interval)
  }

  *[Symbol.iterator](): Generator<KeyRange> {
    for (const prefix of this.prefixes) for (const interval of this.intervals) yield rangeOf(prefix, interval)
  }
}

function rangeOf(prefix: Buffer, interval: Interval): KeyRange {
  return clipRange({ start: Buffer.concat([prefix, interval.start]), end: Buffer.concat([prefix, interval.end]) })
}

/** How much of a stored key is as long values order: behind it may lie a digest. */
export const COMPARABLE_BYTES = MAX_KEY_BYTES - 20 + 4

/** Bounds longer than stored keys may be lose what lies behind the cut. */
function clipRange(range: KeyRange): KeyRange {
  if (range.start.length <= COMPARABLE_BYTES && range.end.length <= COMPARABLE_BYTES) return range
  return {
    start: range.start.subarray(0, COMPARABLE_BYTES),
    end: prefixEnd(range.end.subarray(0, COMPARABLE_BYTES)) as Buffer,
  }
}
