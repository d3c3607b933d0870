import type { Binary, Document } from 'bson'
import type { RawDocument } from '../bson/types.ts'
import type { KeyPattern } from '../keys/index-keys.ts'

/** One index of a collection, ready to be used. */
export interface Index {
  /** As listIndexes shows it: `{ v, key, name, … }`. */
  spec: Document
  name: string
  table: number
  /** Field names as in the specification, dotted. */
  fields: readonly string[]
  pattern: KeyPattern
  /** Top-level fields that its keys or its filter read; undefined when it may be any. */
  roots: ReadonlySet<string> | undefined
  unique: boolean
  /** Refuses new duplicates while it still holds old ones (`prepareUnique`); its entries are those of an ordinary index. */
  prepared: boolean
  hidden: boolean
  /** The documents an index with partialFilterExpression holds. */
  partial: ((document: Document) => boolean) | undefined
  expireAfterSeconds: number | undefined
  /** Fields that some document reached through an array. */
  multikey: boolean[]
  /** Some key was cut, so that order past the cut is lost. */
  clipped: boolean
  /** While an index is being built it holds records up to this number; Infinity when complete. */
  builtThrough: number
  /** The commit that completed it is done, so that queries may use it. */
  ready: boolean
  /** How many operations have read by it since the start. */
  uses: number
}

export interface Collection {
  database: string
  name: string
  namespace: string
  uuid: Binary
  table: number
  /** As given to create: capped, size, max, validator, collation, changeStreamPreAndPostImages, … */
  options: Document
  indexes: Index[]
  /** Top-level fields that some index or its filter reads; undefined when all may be. */
  indexedFields: ReadonlySet<string> | undefined
  nextRecord: number
  count: number
  /** Bytes of all documents. */
  size: number
  /** When the definition last changed, in steps of the engine. */
  version: number
  validate: ((document: Document, before?: Document) => void) | undefined
  keepsImages: boolean
  /** Of a time series: the field of the date that each document has. */
  timeField: string | undefined
  /** Nothing of it can be read any more. */
  dropped: boolean
}

/** A stored aggregation that reads as a collection. */
export interface View {
  database: string
  name: string
  namespace: string
  viewOn: string
  pipeline: Document[]
  collation: Document | undefined
}

/** A document found by a scan, with its place. */
export interface Hit {
  record: number
  bytes: RawDocument
}
