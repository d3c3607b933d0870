import { type Document, Long } from 'bson'
import { CommandError } from '../../errors.ts'
import { hashKey } from '../../values/hash-key.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { isObject } from '../../values/types.ts'
import { checkFieldPath } from '../expression.ts'
import { collect, MemoryBound, type RunContext, toBatches } from '../stream.ts'
import type { StageCompiler, StageContext } from './compiler.ts'
import { joinFilter, valuesAt } from './join.ts'
import { compileBoundFilter } from './match.ts'
import { withValue } from './unwind.ts'

const required = ['from', 'startWith', 'connectFromField', 'connectToField', 'as']
const optional = ['maxDepth', 'depthField', 'restrictSearchWithMatch']

function parse(spec: unknown): Document {
  if (!isObject(spec))
    throw new CommandError(9, 'FailedToParse', 'the $graphLookup stage specification must be an object')
  if (typeof spec.from !== 'string')
    throw new CommandError(9, 'FailedToParse', "$graphLookup 'from' must be specified as a string")
  if (spec.from === '') throw new CommandError(73, 'InvalidNamespace', 'invalid $graphLookup namespace')
  for (const name of Object.keys(spec)) {
    if (!required.includes(name) && !optional.includes(name))
      throw new CommandError(40104, 'Location40104', `Unknown argument to $graphLookup: ${name}`)
    if (['connectFromField', 'connectToField', 'as', 'depthField'].includes(name) && typeof spec[name] !== 'string')
      throw new CommandError(40103, 'Location40103', `expected string as argument for ${name}`)
  }
  const missing = required.find((name) => !(name in spec))
  if (missing !== undefined)
    throw new CommandError(40105, 'Location40105', `$graphLookup requires '${missing}' to be specified.`)
  for (const name of ['connectFromField', 'connectToField', 'as', 'depthField'])
    if (name in spec) checkFieldPath(spec[name] as string)
  return spec
}

function depthLimit(value: unknown): number {
  if (value === undefined) return Infinity
  const number = isNumeric(value) ? toNumber(value) : Number.NaN
  if (Number.isNaN(number)) throw new CommandError(40100, 'Location40100', 'maxDepth requires numeric argument')
  if (number < 0) throw new CommandError(40101, 'Location40101', 'maxDepth requires a nonnegative argument')
  if (!Number.isInteger(number))
    throw new CommandError(40102, 'Location40102', 'maxDepth could not be represented as a long long')
  return number
}

/** $graphLookup: breadth first, one look-up per depth; each document appears once, at its least depth. */
export const compileGraphLookupStage: StageCompiler = (rawSpec, context) => {
  const spec = parse(rawSpec)
  const { scope, options, memoryLimit }: StageContext = context
  const { from, connectToField, as } = spec as Record<string, string>
  context.reads.add(from as string)
  const start = scope.compile(spec.startWith, scope)
  const next = valuesAt(spec.connectFromField as string)
  const maxDepth = depthLimit(spec.maxDepth)
  const depthNames = typeof spec.depthField === 'string' ? spec.depthField.split('.') : undefined
  const restriction: unknown = spec.restrictSearchWithMatch
  if (restriction !== undefined && !isObject(restriction))
    throw new CommandError(40185, 'Location40185', 'restrictSearchWithMatch must be an object')
  // Compiled for its errors, and to restrict by variables; the engine gets the filter too.
  const bound = restriction === undefined ? undefined : compileBoundFilter(restriction as Document, scope)

  /** The filter of what a set of values connects to; a missing field is connected to by none, null included. */
  function connected(values: readonly unknown[]): Document {
    const filter = joinFilter(connectToField as string, values)
    return values.includes(null) ? { $and: [filter, { [connectToField as string]: { $exists: true } }] } : filter
  }

  async function search(document: Document, { variables, pacer }: RunContext): Promise<Document[]> {
    const first = start(document, variables)
    let frontier: unknown[] = Array.isArray(first) ? (first as unknown[]) : first === undefined ? [] : [first]
    const visited = new Set<string>()
    const asked = new Set<string>()
    const found: Document[] = []
    const memory = new MemoryBound('$graphLookup', memoryLimit)
    for (let depth = 0; depth <= maxDepth && frontier.length > 0; depth++) {
      const fresh = frontier.filter((value) => asked.size < asked.add(hashKey(value, scope.collator)).size)
      if (fresh.length === 0) break
      frontier = []
      bound?.bind(variables)
      for (const each of await collect(
        toBatches(options.lookup(from as string, { match: connected(fresh) }), pacer),
        memory,
      )) {
        const id = hashKey(each._id)
        if (visited.has(id) || bound?.test(each) === false) continue
        visited.add(id)
        found.push(depthNames ? withValue(each, depthNames, Long.fromInt(depth)) : each)
        for (const value of next(each)) frontier.push(value)
      }
    }
    return found
  }

  return async function* run(input, run) {
    for await (const batch of input) {
      const output: Document[] = []
      for (const document of batch)
        output.push(withValue(document, (as as string).split('.'), await search(document, run)))
      yield output
    }
  }
}
