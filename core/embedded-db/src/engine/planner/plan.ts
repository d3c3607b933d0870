import type { Index } from '../collection.ts'
import type { Ranges } from './key-ranges.ts'

/** How the documents of a query are found. */
export type Plan = CollectionScan | IndexScan | UnionScan | EmptyScan

export interface CollectionScan {
  stage: 'COLLSCAN'
  reverse: boolean
  sorted: boolean
}

export interface IndexScan {
  stage: 'IXSCAN'
  index: Index
  /** Stored keys, in the order they are to be read when not reversed. */
  ranges: Ranges
  reverse: boolean
  /** The documents come in the order the query asked for. */
  sorted: boolean
  /** Every document in the ranges matches the filter, so that entries may be counted unread. */
  exact: boolean
  /** One document may be met more than once. */
  repeats: boolean
  /** As explain shows them. */
  bounds(this: void): Record<string, string[]>
  /** How many leading fields are bound to points, for the choice between plans. */
  points: number
  /** Whether the bounds leave anything out. */
  bounded: boolean
}

/** The branches of a $or, each by its own index. */
export interface UnionScan {
  stage: 'OR'
  branches: IndexScan[]
  sorted: false
}

/** The filter can match nothing. */
export interface EmptyScan {
  stage: 'EOF'
  sorted: true
}
