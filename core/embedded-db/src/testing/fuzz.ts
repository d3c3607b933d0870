import type { Parameters } from 'fast-check'

const seed = Number(process.env.DATABASE_SEED ?? 20_260_101)
/** How many times as long as usual the generated tests run. */
const times = Number(process.env.DATABASE_FUZZ_TIMES ?? 1)

/** The same cases in every run, unless DATABASE_SEED names others; a failure prints its seed and path. */
export function fuzz<T>(numRuns: number): Parameters<T> {
  return { seed, numRuns: Math.ceil(numRuns * times) }
}

/** A limit for jest that grows with the number of cases. */
export const fuzzMs = (ms: number): number => Math.ceil(ms * Math.max(1, times))
