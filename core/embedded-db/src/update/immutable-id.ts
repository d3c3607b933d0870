import { type Document, ObjectId } from 'bson'
import { CommandError } from '../errors.ts'
import { identical, valuesEqual } from '../values/compare.ts'
import { describe } from '../values/document.ts'

/** Keeps the _id of the document. Error: 66 ImmutableField when the update altered it. */
export function keepId(before: Document, after: Document, modifier: boolean): Document {
  const old: unknown = before._id
  const next: unknown = after._id
  if (old === undefined || old === next || identical(old, next)) return after
  if (next !== undefined && valuesEqual(old, next)) return { ...after, _id: old }
  const message = modifier
    ? `Performing an update on the path '_id' would modify the immutable field '_id'`
    : `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${describe(next)}`
  throw new CommandError(66, 'ImmutableField', message)
}

/** The document with its _id first, a new one when it has none. */
export function withId(document: Document, id: unknown): Document {
  const { _id, ...rest } = document
  return { _id: (_id as unknown) ?? ('_id' in document ? _id : (id ?? new ObjectId())), ...rest }
}
