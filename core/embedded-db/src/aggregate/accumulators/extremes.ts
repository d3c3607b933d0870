import type { Collator } from '../../values/collation.ts'
import { compareValues } from '../../values/compare.ts'
import { approximateSize } from '../../values/size.ts'
import type { Accumulator } from './types.ts'

/** The smallest (direction 1) or largest (-1) value; null and missing do not count. */
export function extreme(direction: 1 | -1, collator: Collator | undefined): Accumulator {
  let best: unknown = null
  let found = false
  return {
    add: (value) => {
      if (value === null || value === undefined) return
      if (!found || compareValues(value, best, collator) * direction < 0) best = value
      found = true
    },
    result: () => best,
  }
}

/** Keeps the n least items by an order, in order; equal items keep the order of arrival. */
export function leastItems(
  n: number,
  order: (a: unknown, b: unknown) => number,
): { add(item: unknown): void; items(): unknown[]; bytes(): number } {
  let kept: unknown[] = []
  let itemBytes = 0
  const trim = (): void => {
    kept = kept.sort(order).slice(0, n)
  }
  return {
    add: (item) => {
      if (kept.length === 0) itemBytes = approximateSize(item)
      kept.push(item)
      // Sorting only when the buffer has doubled keeps the cost per item logarithmic.
      if (kept.length >= 2 * n + 16) trim()
    },
    items: () => {
      trim()
      return kept
    },
    bytes: () => kept.length * itemBytes,
  }
}

/** $minN and $maxN; null and missing do not count. */
export function extremes(n: number, direction: 1 | -1, collator: Collator | undefined): Accumulator {
  const least = leastItems(n, (a, b) => compareValues(a, b, collator) * direction)
  return {
    add: (value) => {
      if (value !== null && value !== undefined) least.add(value)
    },
    result: () => least.items(),
    bytes: () => least.bytes(),
  }
}
