import { isList, isRow, order, rank, reach, same } from './values.ts'
import type { Row, Value } from './values.ts'

type Test = (value: Value | undefined) => boolean

/** Whether a row matches a filter, written out from the manual without an eye to speed. */
export function matches(row: Row, filter: Row): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    const all = wanted as readonly Row[]
    if (name === '$and') return all.every((one) => matches(row, one))
    if (name === '$or') return all.some((one) => matches(row, one))
    if (name === '$nor') return !all.some((one) => matches(row, one))
    return meets(reach(row, name.split('.')), wanted)
  })
}

function isOperators(condition: Value): condition is Row {
  return isRow(condition) && Object.keys(condition)[0]?.startsWith('$') === true
}

function meets(found: readonly (Value | undefined)[], condition: Value): boolean {
  if (!isOperators(condition)) return some(found, equal(condition))
  return Object.entries(condition).every(([operator, operand]) => holds(found, operator, operand))
}

/** A test holds for a value, or for one of the items when that is an array. */
function some(found: readonly (Value | undefined)[], test: Test): boolean {
  return found.some((value) => test(value) || (isList(value) && value.some(test)))
}

const equal =
  (wanted: Value): Test =>
  (value) =>
    same(value, wanted) || (wanted === null && value === undefined)

function compared(wanted: Value, test: (order: number) => boolean): Test {
  return (value) => {
    if (wanted === null) return test(0) && (value === null || value === undefined)
    return rank(value) === rank(wanted) && test(order(value, wanted))
  }
}

function holds(found: readonly (Value | undefined)[], operator: string, operand: Value): boolean {
  const list = operand as readonly Value[]
  switch (operator) {
    case '$eq':
      return some(found, equal(operand))
    case '$ne':
      return !some(found, equal(operand))
    case '$gt':
      return some(
        found,
        compared(operand, (way) => way > 0),
      )
    case '$gte':
      return some(
        found,
        compared(operand, (way) => way >= 0),
      )
    case '$lt':
      return some(
        found,
        compared(operand, (way) => way < 0),
      )
    case '$lte':
      return some(
        found,
        compared(operand, (way) => way <= 0),
      )
    case '$in':
      return list.some((one) => some(found, equal(one)))
    case '$nin':
      return !list.some((one) => some(found, equal(one)))
    case '$all':
      return list.length > 0 && list.every((one) => some(found, equal(one)))
    case '$exists':
      return found.some((value) => value !== undefined) === operand
    case '$size':
      return found.some((value) => isList(value) && value.length === operand)
    case '$not':
      return !meets(found, operand)
    case '$regex':
      return some(found, (value) => typeof value === 'string' && new RegExp(String(operand)).test(value))
    case '$elemMatch':
      return found.some((value) => isList(value) && value.some((item) => itemMatches(item, operand)))
    default:
      throw new Error(`the model has no ${operator}`)
  }
}

function itemMatches(item: Value, condition: Value): boolean {
  if (isOperators(condition))
    return Object.entries(condition).every(([operator, operand]) => holds([item], operator, operand))
  return isRow(item) && isRow(condition) && matches(item, condition)
}
