import { type Document, Int32, Long } from 'bson'
import { CommandError } from '../../errors.ts'
import { compileAddFields, compileProjectStage, compileUnset } from '../../projection/index.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { describe } from '../../values/document.ts'
import { isObject } from '../../values/types.ts'
import { eachDocument, type StageRun } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'
import { compileReplaceRoot } from './replace-root.ts'

/** The operand of $limit or $skip. Errors: 15958 for a $limit of 0; 5107201 for $limit and 5107200 for $skip otherwise. */
export function countOperand(stage: '$limit' | '$skip', spec: unknown): number {
  const invalid = (expected: string): CommandError => {
    const code = stage === '$limit' ? 5107201 : 5107200
    return new CommandError(
      code,
      `Location${code}`,
      `invalid argument to ${stage} stage: Expected ${expected} in: ${stage}: ${describe(spec)}`,
    )
  }
  if (!isNumeric(spec)) throw invalid('a number')
  const number = toNumber(spec)
  if (!Number.isInteger(number)) throw invalid('an integer')
  if (number < 0) throw invalid('a non-negative number')
  if (stage === '$limit' && number === 0) throw new CommandError(15958, 'Location15958', 'the limit must be positive')
  return number
}

export function limitRun(limit: number): StageRun {
  return async function* run(input) {
    let room = limit
    for await (const batch of input) {
      if (batch.length >= room) {
        yield batch.slice(0, room)
        // Leaving the loop closes the source.
        return
      }
      room -= batch.length
      yield batch
    }
  }
}

export function skipRun(skip: number): StageRun {
  return async function* run(input) {
    let left = skip
    for await (const batch of input) {
      if (left < batch.length) yield left === 0 ? batch : batch.slice(left)
      left = Math.max(left - batch.length, 0)
    }
  }
}

const count: StageCompiler = (spec) => {
  if (typeof spec !== 'string')
    throw new CommandError(40156, 'Location40156', 'the count field must be a non-empty string')
  if (spec === '') throw new CommandError(40157, 'Location40157', 'the count field must be a non-empty string')
  if (spec.startsWith('$'))
    throw new CommandError(40158, 'Location40158', 'the count field cannot be a $-prefixed path')
  if (spec.includes('.')) throw new CommandError(40160, 'Location40160', "the count field cannot contain '.'")
  return async function* run(input) {
    let total = 0
    for await (const batch of input) total += batch.length
    if (total > 0) yield [{ [spec]: total <= 0x7fffffff ? new Int32(total) : Long.fromNumber(total) }]
  }
}

/** $sample. Errors: 28745 to 28749 for what is no size. */
const sample: StageCompiler = (spec) => {
  if (!isObject(spec))
    throw new CommandError(28745, 'Location28745', 'the $sample stage specification must be an object')
  const { size, ...others } = spec
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw new CommandError(28748, 'Location28748', `unrecognized option to $sample: ${unknown}`)
  if (size === undefined) throw new CommandError(28749, 'Location28749', '$sample stage must specify a size')
  const wanted = isNumeric(size) ? toNumber(size) : Number.NaN
  if (Number.isNaN(wanted)) throw new CommandError(28746, 'Location28746', 'size argument to $sample must be a number')
  if (!Number.isInteger(wanted) || wanted <= 0)
    throw new CommandError(28747, 'Location28747', 'size argument to $sample must be a positive integer')
  return async function* run(input) {
    const chosen: Document[] = []
    let seen = 0
    for await (const batch of input) {
      for (const document of batch) {
        seen++
        if (chosen.length < wanted) chosen.push(document)
        else {
          const at = Math.floor(Math.random() * seen)
          if (at < wanted) chosen[at] = document
        }
      }
    }
    // The reservoir keeps early documents in place; the order must be random too.
    for (let i = chosen.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1))
      ;[chosen[i], chosen[j]] = [chosen[j] as Document, chosen[i] as Document]
    }
    if (chosen.length > 0) yield chosen
  }
}

export const basicStages: Record<string, StageCompiler> = {
  $project: (spec, { scope }) => eachDocument(compileProjectStage(spec, scope)),
  $addFields: (spec, { scope }, name) => eachDocument(compileAddFields(spec, scope, name)),
  $set: (spec, { scope }, name) => eachDocument(compileAddFields(spec, scope, name)),
  $unset: (spec) => eachDocument(compileUnset(spec)),
  $replaceRoot: (spec, { scope }, name) => eachDocument(compileReplaceRoot(name, spec, scope)),
  $replaceWith: (spec, { scope }, name) => eachDocument(compileReplaceRoot(name, spec, scope)),
  $limit: (spec) => limitRun(countOperand('$limit', spec)),
  $skip: (spec) => skipRun(countOperand('$skip', spec)),
  $count: count,
  $sample: sample,
}
