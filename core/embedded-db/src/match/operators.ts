import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { nearPredicate } from '../geo/near.ts'
import { bsonType, isObject, typeOf } from '../values/types.ts'
import { arrayOperators } from './array.ts'
import { bitwiseOperators } from './bitwise.ts'
import { comparisonOperators } from './comparison.ts'
import { elementOperators } from './element.ts'
import { evaluationOperators, regexPredicate } from './evaluation.ts'
import { every, type FieldPredicate, type MatchContext, negate } from './predicate.ts'

type Operator = (operand: unknown, context: MatchContext) => FieldPredicate

let table: Map<string, Operator> | undefined

/** Built at first use, because $elemMatch and $not compile operators themselves. */
function operatorTable(): Map<string, Operator> {
  table ??= new Map<string, Operator>(
    Object.entries({
      ...comparisonOperators,
      ...elementOperators,
      ...evaluationOperators,
      ...arrayOperators,
      ...bitwiseOperators,
      $not: not,
    }),
  )
  return table
}

function not(operand: unknown, context: MatchContext): FieldPredicate {
  if (typeOf(operand) === bsonType.regex) return negate(regexPredicate(operand, undefined))
  if (!isObject(operand)) throw new CommandError(2, 'BadValue', '$not needs a regex or a document')
  if (Object.keys(operand).length === 0) throw new CommandError(2, 'BadValue', '$not cannot be empty')
  return negate(compileOperators(operand, context))
}

const isNear = (operators: Document): boolean => '$near' in operators || '$nearSphere' in operators

function near(name: string, operators: Document, context: MatchContext): FieldPredicate {
  if (!context.foundNear) throw notImplemented(`${name} in a filter of anything but a collection's documents`)
  context.foundNear()
  return nearPredicate(operators)
}

/** Compiles `{ $gt: …, $lt: … }`, all of which must hold. Errors: 2 BadValue for an unknown operator. */
export function compileOperators(operators: Document, context: MatchContext): FieldPredicate {
  const predicates: FieldPredicate[] = []
  for (const [name, operand] of Object.entries(operators)) {
    if (name === '$comment') continue
    if (name === '$near' || name === '$nearSphere') predicates.push(near(name, operators, context))
    else if ((name === '$maxDistance' || name === '$minDistance') && isNear(operators)) continue
    else if (name === '$regex') predicates.push(regexPredicate(operand, operators.$options))
    else if (name === '$options') {
      if (!('$regex' in operators)) throw new CommandError(2, 'BadValue', '$options needs a $regex')
    } else {
      const operator = operatorTable().get(name)
      if (!operator) throw new CommandError(2, 'BadValue', `unknown operator: ${name}`)
      predicates.push(operator(operand, context))
    }
  }
  return every(predicates)
}
