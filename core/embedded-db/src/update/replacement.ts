import { type Document, Timestamp } from 'bson'
import { CommandError } from '../errors.ts'
import { identical } from '../values/compare.ts'
import { keepId, withId } from './immutable-id.ts'
import type { CompiledUpdate, UpdateOptions } from './types.ts'
import { upsertBase } from './upsert-base.ts'

function checkReplacement(replacement: Document): void {
  for (const name of Object.keys(replacement)) {
    if (name.startsWith('$')) {
      throw new CommandError(
        52,
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
    }
  }
}

/** A top-level Timestamp(0, 0) asks for the time of the operation. */
function stampTimestamps(document: Document, clusterTime: Timestamp | undefined): Document {
  const empty = Object.entries(document).filter(
    ([name, value]) => name !== '_id' && value instanceof Timestamp && value.isZero(),
  )
  return clusterTime && empty.length > 0
    ? { ...document, ...Object.fromEntries(empty.map(([name]) => [name, clusterTime])) }
    : document
}

/** Replaces all but the _id, which comes first. Errors: 52, 66, 9 for arrayFilters. */
export function compileReplacement(replacement: Document, options: UpdateOptions): CompiledUpdate {
  checkReplacement(replacement)
  if (options.arrayFilters && options.arrayFilters.length > 0)
    throw new CommandError(9, 'FailedToParse', 'arrayFilters may not be specified for replacement-style updates')
  const stamped = stampTimestamps(replacement, options.clusterTime)
  const { _id: _replaced, ...rest } = stamped
  return {
    kind: 'replace',
    apply: (document) => {
      const own: unknown = document._id
      const updated = '_id' in stamped || own === undefined ? keepId(document, stamped, false) : stamped
      const result = own === undefined ? updated : { _id: own, ...rest }
      return identical(document, result) ? document : result
    },
    insert: (id) => {
      const base = upsertBase(options.filter ?? {}, true)
      return withId(keepId(base, { ...base, ...stamped }, false), id)
    },
  }
}
