import { Int32 } from 'bson'
import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import type { Reader } from '../../store/store.ts'
import type { Collator } from '../../values/collation.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { isObject } from '../../values/types.ts'
import { isDeepStrictEqual } from 'node:util'
import type { Collection, Index } from '../collection.ts'
import { MAX_RANGES, planIndex, wholeIndex } from './index-plan.ts'
import type { Wanted } from './index-plan.ts'
import { conditionCount, coversPartial } from './partial.ts'
import type { IndexScan, Plan } from './plan.ts'
import { predicatesOf } from './predicates.ts'

export interface PlanRequest {
  filter: Document
  sort?: Document | undefined
  collator?: Collator | undefined
  /** An index name, a key pattern, or {$natural: ±1}. */
  hint?: unknown
}

/** How many entries of each candidate are counted before the smallest is chosen. */
const PROBE = 128

function usable(index: Index): boolean {
  return !index.hidden && index.ready && !index.pattern.check
}

function naturalOrder(sort: Document | undefined): boolean | undefined {
  const direction: unknown = sort?.$natural
  return isNumeric(direction) ? toNumber(direction) < 0 : undefined
}

/** Picks the way to read a collection for a query. @throws CommandError 2 when a hint names no usable index */
export function choosePlan(collection: Collection, reader: Reader, request: PlanRequest): Plan {
  const reverse = naturalOrder(request.sort)
  const sort = request.sort && Object.keys(request.sort).length > 0 && reverse === undefined ? request.sort : undefined
  const predicates = predicatesOf(request.filter)
  const wanted: Wanted = {
    predicates,
    complete: conditionCount(request.filter) === predicates.length,
    sort,
    collator: request.collator,
  }
  const scan: Plan = { stage: 'COLLSCAN', reverse: reverse ?? false, sorted: sort === undefined }
  if (request.hint !== undefined) return hinted(collection, request, wanted, scan)
  if (reverse !== undefined || (predicates.length === 0 && !sort && !('$or' in request.filter)))
    return (reverse === undefined && inIdOrder(collection, wanted)) || scan
  const candidates: IndexScan[] = []
  for (const index of collection.indexes) {
    if (!usable(index)) continue
    if (index.partial && !coversPartial(request.filter, predicates, index.spec.partialFilterExpression as Document))
      continue
    const plan = planIndex(index, wanted)
    if (!plan) continue
    if (plan.ranges.length === 0) return { stage: 'EOF', sorted: true }
    if (index.unique && plan.points === index.fields.length && plan.ranges.length === 1) return plan
    candidates.push(plan)
  }
  if (!candidates.some((plan) => plan.bounded)) {
    const union = planUnion(collection, request)
    if (union) return union
  }
  return cheapest(candidates, reader) ?? inIdOrder(collection, wanted) ?? scan
}

/** A clustered collection is read in the order of its `_id`, not of insertion. */
function inIdOrder(collection: Collection, wanted: Wanted): Plan | undefined {
  const id = collection.options.clusteredIndex === undefined ? undefined : collection.indexes[0]
  const plan = id && planIndex(id, { ...wanted, predicates: [], sort: { _id: new Int32(1) }, collator: undefined })
  return plan && { ...plan, sorted: wanted.sort === undefined }
}

function cheapest(candidates: readonly IndexScan[], reader: Reader): IndexScan | undefined {
  if (candidates.length < 2) return candidates[0]
  let best: { plan: IndexScan; cost: number } | undefined
  for (const plan of candidates) {
    const entries = plan.bounded ? probe(plan, reader) : PROBE
    const cost =
      entries * (plan.sorted ? 1 : 1.5) +
      (plan.bounded ? 0 : PROBE) -
      plan.points * 0.01 +
      plan.index.fields.length * 0.001
    if (!best || cost < best.cost) best = { plan, cost }
  }
  return best?.plan
}

/** The number of entries in the plan's ranges, counted no further than {@link PROBE}; very many ranges are as good as so many entries. */
function probe(plan: IndexScan, reader: Reader): number {
  if (plan.ranges.length > MAX_RANGES) return PROBE
  let count = 0
  for (const range of plan.ranges) {
    for (const entry of reader.range({ ...range, keysOnly: true })) {
      count += entry.key.length > 0 ? 1 : 0
      if (count >= PROBE) return count
    }
  }
  return count
}

/** A $or whose branches can all be answered by indexes; the rest of the filter is checked on what they give. */
function planUnion(collection: Collection, request: PlanRequest): Plan | undefined {
  const branches: unknown = request.filter.$or
  if (!Array.isArray(branches) || branches.length === 0) return undefined
  const plans: IndexScan[] = []
  for (const branch of branches as Document[]) {
    const predicates = predicatesOf(branch)
    const usablePlans = collection.indexes.flatMap((index) => {
      if (
        !usable(index) ||
        (index.partial && !coversPartial(branch, predicates, index.spec.partialFilterExpression as Document))
      )
        return []
      const plan = planIndex(index, { predicates, complete: false, sort: undefined, collator: request.collator })
      return plan?.bounded ? [plan] : []
    })
    const best = usablePlans.toSorted((a, b) => b.points - a.points || a.index.fields.length - b.index.fields.length)[0]
    if (!best) return undefined
    plans.push(best)
  }
  return { stage: 'OR', branches: plans, sorted: false }
}

function hinted(collection: Collection, request: PlanRequest, wanted: Wanted, scan: Plan): Plan {
  const { hint } = request
  if (typeof hint !== 'string' && !isObject(hint))
    throw new CommandError(9, 'FailedToParse', 'Hint must be a string or an object')
  const natural: unknown = isObject(hint) ? hint.$natural : undefined
  if (isNumeric(natural)) return { stage: 'COLLSCAN', reverse: toNumber(natural) < 0, sorted: scan.sorted }
  if (isObject(hint) && Object.keys(hint).length === 0)
    return choosePlan(collection, NO_READER, { ...request, hint: undefined })
  const index = collection.indexes.find((one) => usable(one) && isHinted(one, hint))
  if (!index && collection.indexes.some((one) => one.pattern.check && !one.hidden && isHinted(one, hint)))
    return choosePlan(collection, NO_READER, { ...request, hint: { $natural: new Int32(1) } })
  if (!index)
    throw new CommandError(
      2,
      'BadValue',
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    )
  const plan = planIndex(index, wanted) ?? wholeIndex(index)
  return { ...plan, sorted: wanted.sort === undefined || plan.sorted }
}

function isHinted(index: Index, hint: string | Document): boolean {
  return typeof hint === 'string' ? index.name === hint : samePattern(index.spec.key as Document, hint)
}

const NO_READER: Reader = { get: () => undefined, range: () => [], count: () => 0, keyAt: () => undefined }

function samePattern(a: Document, b: Document): boolean {
  const shape = (pattern: Document): unknown[] =>
    Object.entries(pattern).map(([path, direction]) => [path, isNumeric(direction) ? toNumber(direction) : direction])
  return isDeepStrictEqual(shape(a), shape(b))
}
