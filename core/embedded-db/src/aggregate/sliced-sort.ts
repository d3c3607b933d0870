import type { Rests } from './pacer.ts'

const runLength = 256

/** A stable merge sort that rests between slices; the native sort of 100,000 documents would hold the loop for 0.1 s. */
export async function slicedSort<T>(items: readonly T[], compare: (a: T, b: T) => number, pacer: Rests): Promise<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < items.length; at += runLength) {
    runs.push(items.slice(at, at + runLength).sort(compare))
    const rest = pacer.rest()
    if (rest) await rest
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2) {
      const [a, b] = [runs[i] as T[], runs[i + 1]]
      merged.push(b ? await merge(a, b, compare, pacer) : a)
    }
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number, pacer: Rests): Promise<T[]> {
  const result: T[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    result.push((compare(a[i] as T, b[j] as T) <= 0 ? a[i++] : b[j++]) as T)
    if ((result.length & 255) === 0) {
      const rest = pacer.rest()
      if (rest) await rest
    }
  }
  while (i < a.length) result.push(a[i++] as T)
  while (j < b.length) result.push(b[j++] as T)
  return result
}
