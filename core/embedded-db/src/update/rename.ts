import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { describe } from '../values/document.ts'
import { valueAt } from '../values/paths.ts'

/** The value that $rename moves. Error: 2 when an array lies on the way. */
export function sourceValue(document: Document, names: readonly string[]): unknown {
  for (let length = 1; length < names.length; length++) {
    if (Array.isArray(valueAt(document, names.slice(0, length)))) {
      throw new CommandError(
        2,
        'BadValue',
        `The source field cannot be an array element, '${names.join('.')}' in doc with _id: ${describe(document._id)} has an array field called '${names[length - 1] as string}'`,
      )
    }
  }
  return valueAt(document, names)
}
