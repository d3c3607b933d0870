import type { Document, Timestamp } from 'bson'
import type { Collator } from '../values/collation.ts'

/** A source of documents; an asynchronous one may give them in batches, which costs one turn per batch. */
export type Documents = AsyncIterable<Document | Document[]> | Iterable<Document>

export interface PipelineOptions {
  /** "db.collection", or "db.$cmd.aggregate" for an aggregation without collection. */
  ns: string
  /** The command's `let`: constant expressions by variable name. */
  let?: Document | undefined
  collation?: Collator | undefined
  now?: Date | undefined
  clusterTime?: Timestamp | undefined
  allowDiskUse?: boolean | undefined
  /** What one blocking stage may hold, in bytes (default 100 MiB); more answers 292. */
  memoryLimitBytes?: number | undefined
  /** Documents of another collection (or view) of the same database that fully match `head.match`, by an index where one serves. */
  lookup: (collection: string, head: { match?: Document }) => Documents
  write?: PipelineWriters | undefined
  /** Called whenever the pipeline has given way to other work; throws to end it, for maxTimeMS or a killed cursor. */
  onTurn?: (() => void) | undefined
}

export interface PipelineWriters {
  /** $out: replaces the target collection at once with the documents, when the last has come. */
  out(target: Target, documents: AsyncIterable<Document>): Promise<void>
  /** @throws when the target cannot be merged into */
  checkMerge(target: Target, spec: MergeSpec): void
  /** $merge: writes the documents one by one or in batches. */
  merge(target: Target, spec: MergeSpec, documents: AsyncIterable<Document>): Promise<void>
}

export interface Target {
  db: string
  coll: string
}

export interface MergeSpec {
  on: string[]
  whenMatched: 'replace' | 'keepExisting' | 'merge' | 'fail' | 'pipeline'
  whenNotMatched: 'insert' | 'discard' | 'fail'
  /** For whenMatched 'pipeline': the update of the existing document by the incoming one. */
  update?: (existing: Document, incoming: Document) => Document
}

/** What the engine has already done to the source, so that the pipeline leaves it out. */
export interface Applied {
  match?: boolean
  sort?: boolean
  skip?: boolean
  limit?: boolean
}

/** Sources other than a collection scan, which the engine provides: `$changeStream`, `$indexStats`, `$collStats`, … */
export interface SpecialSource {
  stage: string
  spec: Document
}

export interface Pipeline {
  /** The filter that all leading (or safely moved) $match stages ask of the source documents. */
  readonly leadingMatch?: Document
  /** The $sort that comes first after the leading match. */
  readonly leadingSort?: Document
  /** $skip and $limit right after those (the skip first), in documents. */
  readonly leadingSkip?: number
  readonly leadingLimit?: number
  /** The stages after the leading ones. */
  readonly rest: readonly Document[]
  readonly source?: SpecialSource
  readonly isChangeStream: boolean
  /** Whether it ends in $out or $merge. */
  readonly writes: boolean
  /** Names of the collections that $lookup, $graphLookup and $unionWith read. */
  readonly reads: readonly string[]
  /** Runs once over the source; `applied` names the leading parts that the source already had done to it. */
  run(source: Documents, applied?: Applied): AsyncGenerator<Document, void, void>
  /** As run, giving the documents in the batches they come in. */
  runBatches(source: Documents, applied?: Applied): AsyncGenerator<Document[], void, void>
}
