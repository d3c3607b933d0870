import type { WriteContext } from './write-context.ts'
import type { Collection } from './collection.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { deleteDocument } from './documents.ts'
import { recordOfKey, tableRange } from './keyspace.ts'

/** Removes the oldest documents of a capped collection until it is within its size and count again. */
export function trimCapped(context: WriteContext, collection: Collection): void {
  const maxBytes = isNumeric(collection.options.size) ? toNumber(collection.options.size) : Number.POSITIVE_INFINITY
  const maxCount =
    isNumeric(collection.options.max) && toNumber(collection.options.max) > 0
      ? toNumber(collection.options.max)
      : Number.POSITIVE_INFINITY
  while (collection.count > 1 && (collection.count > maxCount || collection.size > maxBytes)) {
    let removed = false
    for (const { key, value } of context.range(tableRange(collection.table))) {
      deleteDocument(context, collection, { record: recordOfKey(key), bytes: value })
      removed = true
      break
    }
    if (!removed) return
  }
}
