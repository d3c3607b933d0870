import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { compileJsonSchema } from '../schema/compile.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isTruthy } from '../values/truthy.ts'
import { isObject, typeName } from '../values/types.ts'
import { implicitEquality } from './comparison.ts'
import { isOperatorObject } from './operator-object.ts'
import { compileOperators } from './operators.ts'
import { type DocumentTest, everyTest, type FieldPredicate, type MatchContext } from './predicate.ts'

/** The predicate that `{ field: operand }` asks of the field. */
export function fieldPredicate(operand: unknown, context: MatchContext): FieldPredicate {
  return isObject(operand) && isOperatorObject(operand)
    ? compileOperators(operand, context)
    : implicitEquality(operand, context)
}

/** The filters under $and, $or or $nor. Errors: 2 BadValue. */
export function branches(operator: string, operand: unknown): Document[] {
  if (!Array.isArray(operand)) throw new CommandError(2, 'BadValue', `${operator} must be an array`)
  if (operand.length === 0) throw new CommandError(2, 'BadValue', '$and/$or/$nor must be a nonempty array')
  if (!operand.every(isObject)) throw new CommandError(2, 'BadValue', '$or/$and/$nor entries need to be full objects')
  return operand as Document[]
}

function sampleRate(operand: unknown): DocumentTest {
  const rate = isNumeric(operand) ? toNumber(operand) : Number.NaN
  if (!(rate >= 0 && rate <= 1))
    throw new CommandError(2, 'BadValue', `$sampleRate must be between 0.0 and 1.0, but was ${String(operand)}`)
  return () => Math.random() < rate
}

/** What looks at a whole document, which neither a part of one nor a filter of parts offers. */
const WHOLE_DOCUMENT = new Set(['$expr', '$jsonSchema', '$where', '$text'])

/** The error of array filters, $pull and projections, whose filters look at parts of a document only. */
export function notInThisContext(operator: string): CommandError {
  const message = `${operator} is not allowed in this context`
  return operator === '$where' || operator === '$text'
    ? new CommandError(2, 'BadValue', message)
    : new CommandError(224, 'QueryFeatureNotAllowed', message)
}

function topLevel(name: string, operand: unknown, context: MatchContext): DocumentTest | undefined {
  if (WHOLE_DOCUMENT.has(name)) {
    if (context.nested && name !== '$jsonSchema')
      throw new CommandError(2, 'BadValue', `${name} can only be applied to the top-level document`)
    const refused = context.refuse?.(name)
    if (refused) throw refused
  }
  switch (name) {
    case '$and':
      return everyTest(branches(name, operand).map((branch) => compileFilter(branch, context)))
    case '$or': {
      const tests = branches(name, operand).map((branch) => compileFilter(branch, context))
      return (document) => tests.some((test) => test(document))
    }
    case '$nor': {
      const tests = branches(name, operand).map((branch) => compileFilter(branch, context))
      return (document) => !tests.some((test) => test(document))
    }
    case '$expr': {
      const evaluate = context.compileExpression(operand)
      return (document) => isTruthy(evaluate(document))
    }
    case '$jsonSchema':
      if (!isObject(operand)) throw new CommandError(14, 'TypeMismatch', '$jsonSchema must be an object')
      return compileJsonSchema(operand)
    case '$sampleRate':
      return sampleRate(operand)
    case '$alwaysTrue':
      return () => true
    case '$alwaysFalse':
      return () => false
    case '$comment':
      return undefined
    case '$where':
    case '$text':
      throw notImplemented(name)
    default:
      throw new CommandError(
        2,
        'BadValue',
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      )
  }
}

/** Compiles a filter in a context; every top-level clause must hold. */
export function compileFilter(filter: Document, context: MatchContext): DocumentTest {
  if (!isObject(filter))
    throw new CommandError(
      14,
      'TypeMismatch',
      `the match filter must be an expression in an object, not ${typeName(filter)}`,
    )
  const tests: DocumentTest[] = []
  for (const [name, operand] of Object.entries(filter)) {
    if (name.startsWith('$') && name !== '$ref' && name !== '$id' && name !== '$db') {
      const test = topLevel(name, operand, context)
      if (test) tests.push(test)
    } else tests.push(fieldPredicate(operand, context).onPath(name))
  }
  return everyTest(tests)
}
