import { Double } from 'bson'
import { isNumeric, toNumber } from '../../values/number.ts'
import type { Accumulator, CompiledAccumulator } from '../accumulators/types.ts'
import type { Scope } from '../scope.ts'

/** Online covariance of pairs; samples divide by n - 1. */
function covariance(sample: boolean): Accumulator {
  let count = 0
  let meanX = 0
  let meanY = 0
  let products = 0
  return {
    add: (pair) => {
      if (!Array.isArray(pair) || pair.length !== 2) return
      const [x, y] = pair as [unknown, unknown]
      if (!isNumeric(x) || !isNumeric(y)) return
      count++
      const dx = toNumber(x) - meanX
      meanX += dx / count
      meanY += (toNumber(y) - meanY) / count
      products += dx * (toNumber(y) - meanY)
    },
    result: () => {
      const divisor = sample ? count - 1 : count
      return divisor <= 0 ? null : new Double(products / divisor)
    },
  }
}

export function compileCovariance(operand: unknown, scope: Scope, sample: boolean): CompiledAccumulator {
  return { input: scope.compile(operand, scope), create: () => covariance(sample) }
}
