import type { Document } from 'bson'
import type { Pacer } from '../pacer.ts'
import type { Variables } from '../scope.ts'

/** The sorted documents of one partition, as window functions see them. */
export interface Partition {
  readonly documents: readonly Document[]
  /** The value of the first sort field of each document; undefined without sortBy. */
  readonly sortValues: readonly unknown[]
  /** Whether two positions have the same sort key. */
  sameKey(i: number, j: number): boolean
  readonly variables: Variables
  readonly pacer: Pacer
}

/** One value per document of the partition. */
export type WindowFunction = (partition: Partition) => unknown[] | Promise<unknown[]>

/** The half-open range of positions that a document's window covers. */
export type Window = (partition: Partition, at: number) => [start: number, end: number]
