import type { Document } from 'bson'
import { compareValues } from '../../values/compare.ts'
import { compileSorter } from '../../values/sort.ts'
import type { Expression, Scope, Variables } from '../scope.ts'
import { mapSliced } from '../pacer.ts'
import type { Pacer } from '../pacer.ts'
import { slicedSort } from '../sliced-sort.ts'
import { collect, emit, MemoryBound, type StageRun } from '../stream.ts'
import { withValue } from '../stages/unwind.ts'
import type { Partition, WindowFunction } from './partition.ts'

export interface WindowOutput {
  path: string[]
  compute: WindowFunction
}

interface Entry {
  partition: unknown
  key: unknown[]
  document: Document
}

/** Sorts by partition and key, and gives each document the values that the functions compute over its partition. */
export function windowRun(
  partitionBy: Expression,
  sortBy: Document,
  outputs: readonly WindowOutput[],
  scope: Scope,
  memoryLimit: number,
  stage: string,
): StageRun {
  const sorter = compileSorter(sortBy, scope.collator)
  const compare = (a: Entry, b: Entry): number =>
    compareValues(a.partition, b.partition, scope.collator) || sorter.compareKeys(a.key, b.key)
  return async function* run(input, { variables, pacer }) {
    const documents = await collect(input, new MemoryBound(stage, memoryLimit))
    const entries = await mapSliced(
      documents,
      (document) => ({
        partition: partitionBy(document, variables) ?? null,
        key: sorter.keyOf(document),
        document,
      }),
      pacer,
    )
    const sorted = await slicedSort(entries, compare, pacer)
    for (let start = 0; start < sorted.length;) {
      let end = start + 1
      while (
        end < sorted.length &&
        compareValues(sorted[end]?.partition, sorted[start]?.partition, scope.collator) === 0
      ) {
        end++
        const rest = pacer.step()
        if (rest) await rest
      }
      const members = sorted.slice(start, end)
      start = end
      yield* emit(await fillPartition(members, outputs, sorter.compareKeys, variables, pacer), pacer)
    }
  }
}

async function fillPartition(
  members: readonly Entry[],
  outputs: readonly WindowOutput[],
  compareKeys: (a: unknown[], b: unknown[]) => number,
  variables: Variables,
  pacer: Pacer,
): Promise<Document[]> {
  const partition: Partition = {
    documents: await mapSliced(members, ({ document }) => document, pacer),
    sortValues: await mapSliced(members, ({ key }) => key[0], pacer),
    sameKey: (i, j) => compareKeys(members[i]?.key ?? [], members[j]?.key ?? []) === 0,
    variables,
    pacer,
  }
  let results = [...partition.documents]
  for (const { path, compute } of outputs) {
    const values = await compute(partition)
    results = await mapSliced(results, (document, i) => withValue(document, path, values[i]), pacer)
  }
  return results
}
