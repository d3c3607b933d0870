import { appendField } from '../../keys/index-keys.ts'
import { KeyBuffer } from '../../keys/key-buffer.ts'
import { prefixEnd } from '../../keys/ranges.ts'
import type { Collator } from '../../values/collation.ts'

/** Ascending encoded values `start <= v < end` of one field; a point holds one value only. */
export interface Interval {
  start: Buffer
  end: Buffer
  point: boolean
}

const scratch = new KeyBuffer()

/** A value as an ascending field of an index has it. */
export function encoded(value: unknown, collator: Collator | undefined): Buffer {
  scratch.reset()
  appendField(scratch, value, false, collator)
  return scratch.slice()
}

export function end(prefix: Buffer): Buffer {
  return prefixEnd(prefix) ?? Buffer.of(0xff)
}

export function point(value: unknown, collator: Collator | undefined): Interval {
  const start = encoded(value, collator)
  return { start, end: end(start), point: true }
}

export const byStart = (a: Interval, b: Interval): number => Buffer.compare(a.start, b.start)

/** Sorted intervals, each once. */
export function unique(sorted: readonly Interval[]): Interval[] {
  return sorted.filter((interval, i) => i === 0 || !interval.start.equals((sorted[i - 1] as Interval).start))
}

/** Of lists that are so long that their points were made beforehand, in turns. */
const made = new WeakMap<readonly unknown[], Interval[]>()

/** The points of a list's values in their order, each once. */
export function pointsOf(list: readonly unknown[], collator: Collator | undefined): Interval[] {
  const known = collator ? undefined : made.get(list)
  return known ?? unique(list.map((value) => point(value, collator)).sort(byStart))
}

/** Keeps the points, without collation, for as long as there is the list. */
export function keepPoints(list: readonly unknown[], points: Interval[]): void {
  made.set(list, points)
}
