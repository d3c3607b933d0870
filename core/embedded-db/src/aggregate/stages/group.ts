import { type Document, Int32 } from 'bson'
import { CommandError } from '../../errors.ts'
import { setField } from '../../values/document.ts'
import { hashKey } from '../../values/hash-key.ts'
import { isObject } from '../../values/types.ts'
import { accumulatorTable, unaryAccumulators } from '../accumulators/table.ts'
import type { Accumulator, CompiledAccumulator } from '../accumulators/types.ts'
import { constantOf } from '../constants.ts'
import type { Expression, Scope, Variables } from '../scope.ts'
import { emit, MemoryBound, type StageRun } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'

export interface GroupField {
  name: string
  accumulator: CompiledAccumulator
}

/** `{ name: { $accumulator: operand }, … }`. Errors: 40234 to 40238, 15952. */
export function compileGroupFields(fields: Document, scope: Scope): GroupField[] {
  return Object.entries(fields).map(([name, value]: [string, unknown]) => {
    if (name.includes('.'))
      throw new CommandError(40235, 'Location40235', `The field name '${name}' cannot contain '.'`)
    if (name.startsWith('$'))
      throw new CommandError(40236, 'Location40236', `The field name '${name}' cannot be an operator name`)
    const [operator, ...more] = isObject(value) ? Object.keys(value) : []
    if (!isObject(value) || operator === undefined || !operator.startsWith('$'))
      throw new CommandError(40234, 'Location40234', `The field '${name}' must be an accumulator object`)
    if (more.length > 0)
      throw new CommandError(40238, 'Location40238', `The field '${name}' must specify one accumulator`)
    const compile = accumulatorTable.get(operator)
    if (!compile) throw new CommandError(15952, 'Location15952', `unknown group operator '${operator}'`)
    const operand: unknown = value[operator]
    if (Array.isArray(operand) && unaryAccumulators.has(operator))
      throw new CommandError(40237, 'Location40237', `The ${operator} accumulator is a unary operator`)
    return { name, accumulator: compile(operand, scope, operator) }
  })
}

interface Group {
  id: unknown
  states: Accumulator[]
}

const groupOverhead = 160

/** The groups of a run, by the hash of their key. */
export class Groups {
  private readonly groups = new Map<string, Group>()
  private readonly fields: readonly GroupField[]
  private readonly bound: MemoryBound
  private readonly scope: Scope

  constructor(fields: readonly GroupField[], scope: Scope, memoryLimit: number) {
    this.fields = fields
    this.scope = scope
    this.bound = new MemoryBound('$group', memoryLimit)
  }

  add(id: unknown, document: Document, variables: Variables): void {
    const key = hashKey(id, this.scope.collator)
    let group = this.groups.get(key)
    if (!group) {
      group = { id, states: this.fields.map(({ accumulator }) => accumulator.create(id, variables)) }
      this.groups.set(key, group)
      this.bound.grow(groupOverhead + key.length + 64 * this.fields.length)
    }
    for (let i = 0; i < this.fields.length; i++) {
      const state = group.states[i] as Accumulator
      const value = (this.fields[i] as GroupField).accumulator.input(document, variables)
      const before = state.bytes?.() ?? 0
      state.add(value)
      if (state.bytes) this.bound.grow(state.bytes() - before)
    }
  }

  *results(): Generator<Document, void, void> {
    for (const { id, states } of this.groups.values()) {
      const document: Document = { _id: id }
      this.fields.forEach(({ name }, i) => {
        const value = (states[i] as Accumulator).result()
        if (value !== undefined) setField(document, name, value)
      })
      yield document
    }
  }
}

function groupRun(id: Expression, fields: readonly GroupField[], scope: Scope, memoryLimit: number): StageRun {
  const constant = constantOf(id)
  return async function* run(input, { variables, pacer }) {
    const groups = new Groups(fields, scope, memoryLimit)
    for await (const batch of input) {
      for (const document of batch) {
        groups.add((constant ? constant.value : id(document, variables)) ?? null, document, variables)
        const rest = pacer.step()
        if (rest) await rest
      }
    }
    yield* emit(groups.results(), pacer)
  }
}

/** $group. Errors: 15947 for another operand, 15955 without _id, and those of its fields. */
export const compileGroupStage: StageCompiler = (spec, { scope, memoryLimit }) => {
  if (!isObject(spec)) throw new CommandError(15947, 'Location15947', "a group's fields must be specified in an object")
  const { _id: id, ...rest } = spec
  const fields = compileGroupFields(rest, scope)
  if (!('_id' in spec)) throw new CommandError(15955, 'Location15955', 'a group specification must include an _id')
  return groupRun(scope.compile(id, scope), fields, scope, memoryLimit)
}

/** $sortByCount: groups by an expression, most frequent first. Errors: 40147, 40148, 40149 for what is none. */
export const compileSortByCountStage: StageCompiler = (spec, context) => {
  if (typeof spec !== 'string' && !isObject(spec))
    throw new CommandError(
      40149,
      'Location40149',
      'the sortByCount field must be specified as a string or as an object',
    )
  const text = typeof spec === 'string' ? spec : (Object.keys(spec)[0] ?? '')
  const code = typeof spec === 'string' ? 40148 : 40147
  if (!text.startsWith('$'))
    throw new CommandError(
      code,
      `Location${code}`,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    )
  return context.compileStages(
    [{ $group: { _id: spec, count: { $sum: new Int32(1) } } }, { $sort: { count: new Int32(-1) } }],
    context,
    'top',
  ).run
}
