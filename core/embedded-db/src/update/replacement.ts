import { type Document, Timestamp } from 'bson'
import { identical } from '../values/compare.ts'
import { keepId, withId } from './immutable-id.ts'
import type { CompiledUpdate, UpdateOptions } from './types.ts'
import { checkTopLevelName } from './update-path.ts'
import { upsertBase } from './upsert-base.ts'

/** A top-level Timestamp(0, 0) asks for the time of the operation. */
function stampTimestamps(document: Document, clusterTime: Timestamp | undefined): Document {
  const empty = Object.entries(document).filter(
    ([name, value]) => name !== '_id' && value instanceof Timestamp && value.isZero(),
  )
  return clusterTime && empty.length > 0
    ? { ...document, ...Object.fromEntries(empty.map(([name]) => [name, clusterTime])) }
    : document
}

/** Replaces all but the _id, which comes first; array filters do nothing to it. Errors: 52, 66. */
export function compileReplacement(replacement: Document, options: UpdateOptions): CompiledUpdate {
  const stamped = stampTimestamps(replacement, options.clusterTime)
  const { _id: _replaced, ...rest } = stamped
  return {
    kind: 'replace',
    fields: undefined,
    apply: (document) => {
      Object.keys(replacement).forEach(checkTopLevelName)
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
