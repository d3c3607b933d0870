import type { Document } from 'bson'
import { compileMatch, matchContext, type MatchOptions } from '../match/index.ts'
import { compileFieldPath } from '../values/paths.ts'
import { isObject, typeName } from '../values/types.ts'
import { compileSchema } from './compile.ts'
import { failures } from './keyword.ts'

/** `errInfo.details` of error 121 for a `$jsonSchema`. */
export function explainSchema(schema: Document, document: Document): Document {
  return { operatorName: '$jsonSchema', schemaRulesNotSatisfied: failures(compileSchema(schema), document) }
}

const reasons: Record<string, string> = {
  $exists: 'path does not exist',
  $type: 'type did not match',
  $in: 'no matching value found in array',
  $regex: 'regular expression did not match',
  $expr: 'expression did not match',
}

function explainClause(name: string, operand: unknown, document: Document, options: MatchOptions): Document {
  if (name === '$jsonSchema' && isObject(operand)) return explainSchema(operand, document)
  if (name === '$and' && Array.isArray(operand)) {
    const clauses = (operand as Document[]).flatMap((clause, index) =>
      compileMatch(clause, options)(document) ? [] : [{ index, details: explainValidator(clause, document, options) }],
    )
    return { operatorName: name, clausesNotSatisfied: clauses }
  }
  if (name === '$or' && Array.isArray(operand)) {
    return {
      operatorName: name,
      clausesNotSatisfied: (operand as Document[]).map((clause, index) => ({
        index,
        details: explainValidator(clause, document, options),
      })),
    }
  }
  const operator = name.startsWith('$')
    ? name
    : isObject(operand) && Object.keys(operand)[0]?.startsWith('$')
      ? (Object.keys(operand)[0] as string)
      : '$eq'
  const reason = reasons[operator] ?? 'comparison failed'
  const detail: Document = { operatorName: operator, specifiedAs: { [name]: operand }, reason }
  if (name === '$expr')
    return { ...detail, expressionResult: matchContext(options).compileExpression(operand)(document) }
  if (name.startsWith('$')) return detail
  const value = compileFieldPath(name)(document)
  if (value === undefined) return { ...detail, reason: 'field was missing' }
  return operator === '$type'
    ? { ...detail, consideredValue: value, consideredType: typeName(value) }
    : { ...detail, consideredValue: value }
}

/** `errInfo.details` of error 121 for a collection validator that the document does not match. */
export function explainValidator(validator: Document, document: Document, options: MatchOptions = {}): Document {
  const failing = Object.entries(validator).filter(
    ([name, operand]) => !compileMatch({ [name]: operand }, options)(document),
  )
  const details = failing.map(([name, operand]) => explainClause(name, operand, document, options))
  const [only] = details
  if (details.length === 1 && only) return only
  return { operatorName: '$and', clausesNotSatisfied: details.map((detail, index) => ({ index, details: detail })) }
}
