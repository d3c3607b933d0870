import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { compileSorter, type Sorter } from '../../values/sort.ts'
import { approximateSize } from '../../values/size.ts'
import { isObject } from '../../values/types.ts'
import { mapSliced } from '../pacer.ts'
import { slicedSort } from '../sliced-sort.ts'
import { emit, MemoryBound, type StageRun } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'

interface Keyed {
  key: unknown[]
  size: number
  document: Document
}

/** Sorts all documents, or keeps only the first `limit` of them as they come. */
export function sortRun(sorter: Sorter, memoryLimit: number, limit = Infinity): StageRun {
  const compare = (a: Keyed, b: Keyed): number => sorter.compareKeys(a.key, b.key)
  return async function* run(input, { pacer }) {
    let kept: Keyed[] = []
    let bound = new MemoryBound('$sort', memoryLimit)
    const room = limit === Infinity ? Infinity : 2 * limit + 256
    for await (const batch of input) {
      for (const document of batch) {
        const size = approximateSize(document) + 64
        bound.grow(size)
        kept.push({ key: sorter.keyOf(document), size, document })
      }
      if (kept.length < room) continue
      kept = (await slicedSort(kept, compare, pacer)).slice(0, limit)
      bound = new MemoryBound('$sort', memoryLimit)
      for (const { size } of kept) bound.grow(size)
    }
    const sorted = (await slicedSort(kept, compare, pacer)).slice(0, limit)
    yield* emit(await mapSliced(sorted, ({ document }) => document, pacer), pacer)
  }
}

export const compileSortStage: StageCompiler = (spec, { scope, memoryLimit }) => {
  if (!isObject(spec)) throw new CommandError(15973, 'Location15973', 'the $sort key specification must be an object')
  if (Object.keys(spec).length === 0)
    throw new CommandError(15976, 'Location15976', '$sort stage must have at least one sort key')
  return sortRun(compileSorter(spec, scope.collator), memoryLimit)
}
