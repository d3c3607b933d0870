import type { Document, Timestamp } from 'bson'
import type { Collator } from '../values/collation.ts'

export interface UpdateOptions {
  /** The query filter: gives the positional operator its match and an upsert its equalities. */
  filter?: Document | undefined
  arrayFilters?: Document[] | undefined
  collation?: Collator | undefined
  /** The command's `let`, for pipeline updates and `$expr`. */
  let?: Document | undefined
  upsert?: boolean | undefined
  now?: Date | undefined
  clusterTime?: Timestamp | undefined
}

export interface CompiledUpdate {
  readonly kind: 'replace' | 'modify' | 'pipeline'
  /** The top-level fields that it reads or changes, `_id` among them; undefined when it may be any. */
  readonly fields: ReadonlySet<string> | undefined
  /**
   * The updated document; the same reference when nothing changed. The argument is never modified. Update operators add
   * the paths they change to `touched`.
   */
  apply(document: Document, touched?: (readonly string[])[]): Document
  /** The document an upsert inserts; `id` is used when neither filter nor update gives an _id (default: a new ObjectId). */
  insert(id?: unknown): Document
}
