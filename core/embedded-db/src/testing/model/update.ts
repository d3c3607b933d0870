import { matches } from './match.ts'
import { isList, isRow, order, same } from './values.ts'
import type { Row, Value } from './values.ts'

/** An update that cannot be made on this row, with the code that MongoDB answers. */
export class Refused extends Error {
  readonly code: number

  constructor(code: number) {
    super(`code ${code}`)
    this.code = code
  }
}

type Change = (old: Value | undefined, operand: Value) => Value | undefined

const TYPE_MISMATCH = 14
const BAD_VALUE = 2
const PATH_NOT_VIABLE = 28

function number(value: Value | undefined, missing: number): number {
  if (value === undefined) return missing
  if (typeof value !== 'number') throw new Refused(TYPE_MISMATCH)
  return value
}

function list(value: Value | undefined, code: number): readonly Value[] {
  if (!isList(value)) throw new Refused(code)
  return value
}

const changes: Record<string, Change> = {
  $set: (_old, operand) => operand,
  $unset: () => undefined,
  $inc: (old, operand) => number(old, 0) + Number(operand),
  $mul: (old, operand) => number(old, 0) * Number(operand) || 0,
  $min: (old, operand) => (old === undefined || order(operand, old) < 0 ? operand : old),
  $max: (old, operand) => (old === undefined || order(operand, old) > 0 ? operand : old),
  $push: (old, operand) => [...list(old === undefined ? [] : old, BAD_VALUE), operand],
  $addToSet: (old, operand) => {
    const items = list(old === undefined ? [] : old, BAD_VALUE)
    return items.some((item) => same(item, operand)) ? items : [...items, operand]
  },
  $pull: (old, operand) => {
    if (old === undefined) return undefined
    return list(old, BAD_VALUE).filter(
      (item) => !(isRow(operand) ? matches({ item }, { item: operand }) : same(item, operand)),
    )
  },
  $pop: (old, operand) => {
    if (old === undefined) return undefined
    const items = list(old, TYPE_MISMATCH)
    return operand === 1 ? items.slice(0, -1) : items.slice(1)
  },
}

/** The row after an update. New fields come in the order of their names. @throws Refused */
export function updated(row: Row, update: Row, inserting = false): Row {
  const steps = Object.entries(update)
    .filter(([operator]) => operator !== '$setOnInsert' || inserting)
    .flatMap(([operator, fields]) =>
      Object.entries(fields as Row).map(([path, operand]) => ({
        operator: operator === '$setOnInsert' ? '$set' : operator,
        path,
        operand,
      })),
    )
    .sort((a, b) => order(a.path, b.path))
  let result = row
  for (const { operator, path, operand } of steps)
    result =
      operator === '$rename'
        ? renamed(result, path, String(operand))
        : changed(result, path.split('.'), operator, (old) => (changes[operator] as Change)(old, operand))
  return result
}

function renamed(row: Row, from: string, to: string): Row {
  const { [from]: value, ...rest } = row
  return value === undefined ? row : withField(rest, to, value)
}

/** Fields keep their places; a new one comes last. */
function withField(row: Row, name: string, value: Value | undefined): Row {
  if (value !== undefined) return { ...row, [name]: value }
  const { [name]: _gone, ...rest } = row
  return rest
}

function changed(
  row: Row,
  [name = '', ...rest]: string[],
  operator: string,
  change: (old: Value | undefined) => Value | undefined,
): Row {
  if (rest.length === 0) return withField(row, name, change(row[name]))
  const inner = row[name]
  if (inner === undefined) {
    const made = changed({}, rest, operator, change)
    return Object.keys(made).length === 0 ? row : withField(row, name, made)
  }
  if (isRow(inner)) return withField(row, name, changed(inner, rest, operator, change))
  if (operator === '$unset') return row
  throw new Refused(PATH_NOT_VIABLE)
}

/** What an upsert begins with: the equalities of its filter. */
export function seedOf(filter: Row): Row {
  return Object.fromEntries(Object.entries(filter).filter(([name, value]) => !name.startsWith('$') && !isRow(value)))
}
