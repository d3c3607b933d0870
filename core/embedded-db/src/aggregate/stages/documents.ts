import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { isObject, typeName } from '../../values/types.ts'
import type { Scope } from '../scope.ts'

/** $documents: an expression that gives the documents themselves. Error: 5858203. */
export function compileDocuments(spec: unknown, scope: Scope): (variables: unknown[]) => Document[] {
  const expression = scope.compile(spec, scope)
  return (variables) => {
    const value = expression({}, variables)
    if (!Array.isArray(value))
      throw new CommandError(
        5858203,
        'Location5858203',
        `$documents requires an array expression, found ${typeName(value)}`,
      )
    const wrong = (value as unknown[]).find((item) => !isObject(item))
    if (wrong !== undefined)
      throw new CommandError(
        40228,
        'Location40228',
        `'newRoot' expression must evaluate to an object, but resulting value was: ${String(wrong)}`,
      )
    return value as Document[]
  }
}
