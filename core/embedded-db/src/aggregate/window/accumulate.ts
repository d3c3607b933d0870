import type { CompiledAccumulator } from '../accumulators/types.ts'
import { mapSliced } from '../pacer.ts'
import type { CompiledWindow } from './bounds.ts'
import type { WindowFunction } from './partition.ts'

/** A result that later additions do not change. */
function snapshot(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as unknown[])] : value
}

/** An accumulator over each document's window: once for the whole partition, running when windows only grow, else anew. */
export function accumulate(
  accumulator: CompiledAccumulator,
  { window, fromStart, whole }: CompiledWindow,
): WindowFunction {
  return async (partition) => {
    const { documents, variables, pacer } = partition
    const values = await mapSliced(documents, (document) => accumulator.input(document, variables), pacer)
    const results: unknown[] = []
    let state = accumulator.create(undefined, variables)
    let added = 0
    for (let i = 0; i < documents.length; i++) {
      const [start, end] = window(partition, i)
      if (!fromStart) {
        state = accumulator.create(undefined, variables)
        added = start
      }
      const grew = i === 0 || added < end
      while (added < end) {
        state.add(values[added++])
        const rest = pacer.step()
        if (rest) await rest
      }
      results.push(whole && !grew ? results[i - 1] : snapshot(state.result()))
      const rest = pacer.step()
      if (rest) await rest
    }
    return results
  }
}
