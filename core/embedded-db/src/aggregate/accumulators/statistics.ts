import { Double } from 'bson'
import { isNumeric, toNumber } from '../../values/number.ts'
import type { Accumulator } from './types.ts'

/** Welford's online variance; samples divide by n - 1 and need two values. */
export function standardDeviation(sample: boolean): Accumulator {
  let count = 0
  let mean = 0
  let squares = 0
  return {
    add: (value) => {
      if (!isNumeric(value)) return
      const x = toNumber(value)
      count++
      const delta = x - mean
      mean += delta / count
      squares += delta * (x - mean)
    },
    result: () => {
      const divisor = sample ? count - 1 : count
      return divisor <= 0 ? null : new Double(Math.sqrt(squares / divisor))
    },
  }
}

/** The value at rank ceil(p·n) of the sorted numbers, MongoDB's approximate percentile where the digest is exact. */
function percentileOf(sorted: readonly number[], p: number): Double | null {
  if (sorted.length === 0) return null
  const rank = Math.max(Math.ceil(p * sorted.length) - 1, 0)
  return new Double(sorted[rank] as number)
}

function numbers(finish: (sorted: number[]) => unknown): Accumulator {
  const values: number[] = []
  return {
    add: (value) => {
      if (!isNumeric(value)) return
      const number = toNumber(value)
      if (!Number.isNaN(number)) values.push(number)
    },
    result: () => finish(values.sort((a, b) => a - b)),
    bytes: () => values.length * 8,
  }
}

export function median(): Accumulator {
  return numbers((sorted) => percentileOf(sorted, 0.5))
}

export function percentiles(ps: readonly number[]): Accumulator {
  return numbers((sorted) => ps.map((p) => percentileOf(sorted, p)))
}
