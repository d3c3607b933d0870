import type { Document } from 'bson'
import { bsonType, isObject, typeOf } from '../values/types.ts'
import type { Expression, Scope, Variables } from './scope.ts'
import type { NamedStage } from './stages.ts'

interface Hint {
  path: string
  operator: string
  value: Expression
}

const mirrored: Record<string, string> = { $eq: '$eq', $gt: '$lt', $gte: '$lte', $lt: '$gt', $lte: '$gte' }

function isFieldPath(value: unknown): value is string {
  return typeof value === 'string' && /^\$[^$]/.test(value)
}

function isVariable(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('$$') && !/^\$\$(ROOT|CURRENT|REMOVE)\b/.test(value)
}

/** `$expr` comparisons of a field with a variable, through $and. */
function hintsOf(expression: unknown, scope: Scope): Hint[] {
  if (!isObject(expression)) return []
  const [operator = ''] = Object.keys(expression)
  const operands: unknown = expression[operator]
  if (!Array.isArray(operands)) return []
  if (operator === '$and') return (operands as unknown[]).flatMap((operand) => hintsOf(operand, scope))
  const swapped = mirrored[operator]
  if (swapped === undefined || operands.length !== 2) return []
  const [a, b] = operands as [unknown, unknown]
  if (isFieldPath(a) && isVariable(b)) return [{ path: a.slice(1), operator, value: scope.compile(b, scope) }]
  if (isFieldPath(b) && isVariable(a)) return [{ path: b.slice(1), operator: swapped, value: scope.compile(a, scope) }]
  return []
}

/** For a scalar other than null, expression and query comparison agree wherever the expression holds: only there is the hint a superset. */
function hintFilter({ path, operator, value }: Hint, variables: Variables): Document | undefined {
  const bound = value({}, variables)
  const type = typeOf(bound)
  if (
    type === bsonType.missing ||
    type === bsonType.null ||
    type === bsonType.array ||
    type === bsonType.regex ||
    type === bsonType.undefined
  )
    return undefined
  // Ordered comparisons of expressions cross types, which query comparisons do not.
  return operator === '$eq' ? { [path]: { $eq: bound } } : undefined
}

/** Whether a filter can be handed to another compiler as it is: no `$expr`, which may read variables. */
function isPlain(clause: unknown): boolean {
  if (Array.isArray(clause)) return clause.every(isPlain)
  return !isObject(clause) || (!('$expr' in clause) && Object.values(clause).every(isPlain))
}

/** The filter to ask the source of a sub-pipeline for: what its first $match demands, with variables put in where that is sound. */
export function headMatch(
  stages: readonly NamedStage[],
  scope: Scope,
): ((variables: Variables) => Document | undefined) | undefined {
  const [first] = stages
  if (first?.name !== '$match' || !isObject(first.spec)) return undefined
  const plain = Object.entries(first.spec).filter(
    ([name, operand]) => name !== '$expr' && isPlain({ [name]: operand as unknown }),
  )
  const hints = hintsOf(first.spec.$expr, scope)
  return (variables) => {
    const filters = hints.map((hint) => hintFilter(hint, variables)).filter((filter) => filter !== undefined)
    if (plain.length > 0) filters.unshift(Object.fromEntries(plain))
    const [only] = filters
    return filters.length > 1 ? { $and: filters } : only
  }
}
