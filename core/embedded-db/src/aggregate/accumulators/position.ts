import { approximateSize } from '../../values/size.ts'
import { leastItems } from './extremes.ts'
import type { Accumulator } from './types.ts'

export function first(): Accumulator {
  let value: unknown
  let found = false
  return {
    add: (next) => {
      if (!found) value = next
      found = true
    },
    result: () => value ?? null,
  }
}

export function last(): Accumulator {
  let value: unknown
  return {
    add: (next) => {
      value = next
    },
    result: () => value ?? null,
  }
}

export function firstItems(n: number): Accumulator {
  const items: unknown[] = []
  return {
    add: (value) => {
      if (items.length < n) items.push(value ?? null)
    },
    result: () => items,
    bytes: () => items.length * 32,
  }
}

export function lastItems(n: number): Accumulator {
  let items: unknown[] = []
  return {
    add: (value) => {
      items.push(value ?? null)
      if (items.length > 2 * n + 16) items = items.slice(-n)
    },
    result: () => items.slice(-n),
    bytes: () => items.length * 32,
  }
}

/** An item of $top and its kin: its sort key, the order it came in, and what to give out. */
export interface RankedItem {
  key: unknown[]
  output: unknown
}

/** $topN, $bottomN: the n least by the order; `fromEnd` takes the last n instead, still in the order. */
export function ranked(n: number, order: (a: unknown[], b: unknown[]) => number, fromEnd: boolean): Accumulator {
  let sequence = 0
  let bytes = 0
  interface Entry extends RankedItem {
    at: number
  }
  const direction = fromEnd ? -1 : 1
  const least = leastItems(
    n,
    (a, b) => direction * (order((a as Entry).key, (b as Entry).key) || (a as Entry).at - (b as Entry).at),
  )
  return {
    add: (value) => {
      if (bytes === 0) bytes = approximateSize((value as RankedItem).output) + 48
      least.add({ ...(value as RankedItem), at: sequence++ })
    },
    result: () => {
      const outputs = least.items().map((item) => (item as Entry).output ?? null)
      return fromEnd ? outputs.reverse() : outputs
    },
    bytes: () => Math.min(sequence, 2 * n + 16) * bytes,
  }
}
