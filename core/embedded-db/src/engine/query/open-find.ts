import type { Document } from 'bson'
import { compileProjection } from '../../projection/index.ts'
import type { Collator } from '../../values/collation.ts'
import { compileSorter } from '../../values/sort.ts'
import type { Collection } from '../collection.ts'
import { rootOf } from '../filter-fields.ts'
import { choosePlan } from '../planner/choose.ts'
import { boundPlan, type KeyBounds } from '../planner/key-bounds.ts'
import type { Plan } from '../planner/plan.ts'
import type { Scan } from '../planner/scan.ts'
import type { BatchSource } from './batch.ts'
import { type FindRequest, FindSource } from './find-source.ts'
import { KeyedFindSource, type KeyedOptions } from './keyed-find.ts'
import { checkNearIndex } from './near-index.ts'
import { checkNatural, isNatural } from './natural.ts'
import { compileQuery } from './query.ts'
import type { ReadSource } from './read-source.ts'

export interface FindOptions {
  filter: Document
  sort?: Document | undefined
  projection?: Document | undefined
  skip?: number | undefined
  limit?: number | undefined
  hint?: unknown
  collator?: Collator | undefined
  let?: Document | undefined
  bounds?: KeyBounds | undefined
  keyed?: KeyedOptions | undefined
}

/** A find under way, and the scan that counts what it reads. */
export type OpenFind = BatchSource & { readonly scan: Scan }

/** Compiles everything a find asks for, so that mistakes show before anything is read. */
export function compileFind(options: FindOptions): {
  open(collection: Collection, source: ReadSource): { find: OpenFind; plan: Plan }
} {
  const now = new Date()
  const { collator } = options
  const query = compileQuery(options.filter, { collator, let: options.let, now, near: true })
  const { near } = query
  checkNatural(options.sort, options.hint)
  const sort =
    options.sort && Object.keys(options.sort).length > 0 && !isNatural(options.sort) ? options.sort : undefined
  const sorter = sort && compileSorter(sort, collator)
  const project = compileProjection(options.projection, {
    filter: options.filter,
    collation: collator,
    let: options.let,
    now,
  })
  return {
    open(collection, source) {
      checkNearIndex(collection, query)
      const chosen = choosePlan(collection, source.reader, {
        filter: options.filter,
        sort: options.sort,
        collator,
        hint: options.hint,
      })
      const plan = options.bounds ? boundPlan(chosen, options.hint, options.bounds) : chosen
      const request: FindRequest = {
        collection,
        source,
        query,
        plan,
        sorter: sort || !near ? (plan.sorted ? undefined : sorter) : near.sorter,
        sortFields: sort ? new Set(Object.keys(sort).map(rootOf)) : near && new Set([rootOf(near.path)]),
        skip: options.skip ?? 0,
        limit: options.limit || Number.POSITIVE_INFINITY,
        project,
      }
      return { find: options.keyed ? new KeyedFindSource(request, options.keyed) : new FindSource(request), plan }
    },
  }
}
