import type { Binary, Document, Int32 } from 'bson'
import { Int32 as Int } from 'bson'
import { compileValidator } from './validator.ts'
import type { Collection } from './collection.ts'
import { collectFilterFields, rootOf } from './filter-fields.ts'
import { buildIndex } from './index-spec.ts'
import { timeSeriesOf } from './time-series.ts'

/** The definition as the catalogue stores it. */
export function storedCollection(collection: Collection): Document {
  return {
    type: 'collection',
    ns: collection.namespace,
    uuid: collection.uuid,
    table: new Int(collection.table),
    options: collection.options,
    indexes: collection.indexes
      .filter((index) => index.builtThrough === Number.POSITIVE_INFINITY)
      .map((index) => ({
        spec: index.spec,
        table: new Int(index.table),
        multikey: index.multikey,
        clipped: index.clipped,
      })),
  }
}

/** A collection from its stored definition, without totals. */
export function openCollection(record: Document): Collection {
  const namespace = record.ns as string
  const dot = namespace.indexOf('.')
  const collection: Collection = {
    namespace,
    database: namespace.slice(0, dot),
    name: namespace.slice(dot + 1),
    uuid: record.uuid as Binary,
    table: Number(record.table as Int32),
    options: record.options as Document,
    indexes: (record.indexes as Document[]).map((index) =>
      buildIndex(index.spec as Document, Number(index.table as Int32), {
        multikey: index.multikey as boolean[],
        clipped: index.clipped === true,
      }),
    ),
    indexedFields: new Set(),
    nextRecord: 1,
    count: 0,
    size: 0,
    version: 0,
    validate: undefined,
    keepsImages: false,
    timeField: undefined,
    dropped: false,
  }
  applyOptions(collection)
  return collection
}

/** Recomputes what follows from a collection's options and indexes. */
export function applyOptions(collection: Collection): void {
  const fields = new Set<string>()
  let known = true
  for (const index of collection.indexes) {
    for (const field of index.fields) fields.add(rootOf(field))
    if (index.partial) known = collectFilterFields(index.spec.partialFilterExpression as Document, fields) && known
  }
  collection.indexedFields = known ? fields : undefined
  collection.validate = compileValidator(collection.options)
  const images = collection.options.changeStreamPreAndPostImages as Document | undefined
  collection.keepsImages = images?.enabled === true
  collection.timeField = timeSeriesOf(collection.options)?.timeField
}
