import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { describe } from '../../values/document.ts'
import { asDocument, isObject, typeName } from '../../values/types.ts'
import { namedArguments } from '../operators/define.ts'
import type { Scope, Variables } from '../scope.ts'

/** $replaceRoot and $replaceWith. Errors: 40228 when the new root is no document. */
export function compileReplaceRoot(
  name: string,
  spec: unknown,
  scope: Scope,
): (document: Document, variables: Variables) => Document {
  const newRoot: unknown = name === '$replaceRoot' ? namedArguments(spec, name, ['newRoot']).newRoot : spec
  const expression = scope.compile(newRoot, scope)
  return (document, variables) => {
    const root = expression(document, variables)
    if (!isObject(root)) {
      const label = name === '$replaceRoot' ? "'newRoot' expression " : "'replacement document' "
      throw new CommandError(
        40228,
        'Location40228',
        `${label} must evaluate to an object, but resulting value was: ${root === undefined ? 'MISSING' : describe(root)}. Type of resulting value: '${typeName(root)}'. Input document: ${describe(document)}`,
      )
    }
    return asDocument(root)
  }
}
