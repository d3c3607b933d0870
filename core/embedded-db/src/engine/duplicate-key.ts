import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection, Index } from './collection.ts'
import { shellText } from './shell-text.ts'

/** The error for a second document under a unique key, with MongoDB's text and fields. */
export function duplicateKey(collection: Collection, index: Index, values: readonly unknown[]): CommandError {
  const keyValue: Document = {}
  index.fields.forEach((field, i) => (keyValue[field] = values[i] === undefined ? null : values[i]))
  const collation = index.spec.collation === undefined ? '' : ` collation: ${shellText(index.spec.collation)}`
  const message = `E11000 duplicate key error collection: ${collection.namespace} index: ${index.name}${collation} dup key: ${shellText(keyValue)}`
  return new CommandError(11000, 'DuplicateKey', message, {
    extra: { keyPattern: index.spec.key as Document, keyValue },
  })
}
