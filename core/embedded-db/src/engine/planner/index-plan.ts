import type { Document } from 'bson'
import { clipKey } from '../../keys/index-keys.ts'
import { prefixEnd } from '../../keys/ranges.ts'
import type { KeyRange } from '../../keys/ranges.ts'
import type { PathPredicate } from '../../match/bounds.ts'
import type { Collator } from '../../values/collation.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import type { Index } from '../collection.ts'
import { tablePrefix } from '../keyspace.ts'
import { boundsOf, intersect, invertInterval } from './field-bounds.ts'
import type { FieldBounds } from './field-bounds.ts'
import { COMPARABLE_BYTES, LongRanges } from './key-ranges.ts'
import type { Ranges } from './key-ranges.ts'
import type { Interval } from './list-points.ts'
import type { IndexScan } from './plan.ts'

/** More combinations of `$in` lists than this are read as one range. */
export const MAX_RANGES = 1000

export interface Wanted {
  predicates: readonly PathPredicate[]
  /** Every condition of the filter is among the predicates. */
  complete: boolean
  sort: Document | undefined
  collator: Collator | undefined
}

/** The bounds on one field: all its predicates together, or only the first where an array could meet each by another element. */
function fieldBounds(index: Index, field: number, wanted: Wanted, used: Set<PathPredicate>): FieldBounds | undefined {
  const path = index.fields[field] as string
  const same =
    index.pattern.collator?.spec === wanted.collator?.spec ||
    JSON.stringify(index.pattern.collator?.spec) === JSON.stringify(wanted.collator?.spec)
  const multikey = index.multikey[field] === true
  let bounds: FieldBounds | undefined
  for (const predicate of wanted.predicates) {
    const own = predicate.path === path ? [predicate] : []
    const parts = predicate.kind === 'elemMatch' ? predicate.predicates.filter((inner) => inner.path === path) : own
    for (const part of parts) {
      const next = boundsOf(part, index.pattern.collator, same)
      if (!next) continue
      if (predicate.kind === 'elemMatch') next.exact = false
      else used.add(predicate)
      if (!bounds) bounds = next
      else if (!multikey) bounds = intersect(bounds, next)
      else if (
        next.intervals.every((interval) => interval.point) &&
        !bounds.intervals.every((interval) => interval.point)
      )
        bounds = next
    }
  }
  if (bounds && multikey) bounds = { ...bounds, exact: false }
  return bounds
}

/** A scan of the index for the query; undefined when the index cannot answer it (sparse, or no use of it at all). */
export function planIndex(index: Index, wanted: Wanted): IndexScan | undefined {
  const used = new Set<PathPredicate>()
  const bounds = new Map<string, (() => string[]) | undefined>()
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  let ranges: Interval[] | undefined
  let points = 0
  let exact = true
  let excludesMissing = false
  let narrowed = false
  let multikeyBound = false
  for (let i = 0; i < index.fields.length; i++) {
    const isMultikey = index.multikey[i] === true
    const field = isMultikey && multikeyBound ? undefined : fieldBounds(index, i, wanted, used)
    bounds.set(index.fields[i] as string, field?.text)
    if (!field) break
    multikeyBound ||= isMultikey
    narrowed = true
    exact &&= field.exact
    excludesMissing ||= field.excludesMissing
    const descending = index.pattern.descending[i] === true
    const intervals = descending ? field.intervals.map(invertInterval).reverse() : field.intervals
    if (intervals.every((interval) => interval.point) && prefixes.length * intervals.length <= MAX_RANGES) {
      prefixes = prefixes.flatMap((prefix) => intervals.map((interval) => Buffer.concat([prefix, interval.start])))
      points++
      continue
    }
    ranges = intervals
    break
  }
  if (index.pattern.sparse && !excludesMissing) return undefined
  const order = sortOrder(index, wanted, points === 0 ? 0 : points, prefixes.length)
  if (!narrowed && !order) return undefined
  // The bound of a descending field may be shorter than the value as stored, and would give another digest.
  const whole = points === index.fields.length && !index.pattern.descending.includes(true)
  const keyRanges = whole ? wholeKeys(index.table, prefixes) : toKeyRanges(index.table, prefixes, ranges)
  return {
    stage: 'IXSCAN',
    index,
    ranges: keyRanges,
    reverse: order?.reverse ?? false,
    sorted: order !== undefined,
    exact:
      exact &&
      wanted.complete &&
      used.size === wanted.predicates.length &&
      !index.multikey.includes(true) &&
      !index.clipped &&
      narrowed,
    repeats: index.multikey.includes(true),
    bounds: () => Object.fromEntries([...bounds].map(([path, text]) => [path, text?.() ?? ['[MinKey, MaxKey]']])),
    points,
    bounded: narrowed,
  }
}

/** All of an index, as a hint asks for it: what is not in it is not found. */
export function wholeIndex(index: Index): IndexScan {
  return {
    stage: 'IXSCAN',
    index,
    ranges: toKeyRanges(index.table, [Buffer.alloc(0)], undefined),
    reverse: false,
    sorted: false,
    exact: false,
    repeats: index.multikey.includes(true),
    bounds: () => Object.fromEntries(index.fields.map((path) => [path, ['[MinKey, MaxKey]']])),
    points: 0,
    bounded: false,
  }
}

/** Whether reading the index gives the order asked for: its fields after those bound to one value, in one direction. */
function sortOrder(index: Index, wanted: Wanted, points: number, prefixes: number): { reverse: boolean } | undefined {
  const { sort } = wanted
  if (!sort || index.multikey.includes(true) || index.clipped || index.pattern.collator || wanted.collator)
    return undefined
  const fixed = prefixes === 1 ? new Set(index.fields.slice(0, points)) : new Set<string>()
  let position = prefixes === 1 ? points : 0
  let reverse: boolean | undefined
  for (const [path, direction] of Object.entries(sort)) {
    if (!isNumeric(direction)) return undefined
    if (fixed.has(path)) continue
    // A fixed field may also stand in the sort, in its place or out of it: all its values are equal.
    if (index.fields[position] !== path) return undefined
    const backwards = toNumber(direction) < 0 !== index.pattern.descending[position]
    if (reverse !== undefined && reverse !== backwards) return undefined
    reverse = backwards
    position++
  }
  return { reverse: reverse ?? false }
}

/** The ranges of keys of which every field is known, however long they are. */
function wholeKeys(table: number, keys: readonly Buffer[]): KeyRange[] {
  return keys.map((key) => {
    const start = Buffer.concat([tablePrefix(table), clipKey(key)])
    return { start, end: prefixEnd(start) as Buffer }
  })
}

function toKeyRanges(table: number, prefixes: readonly Buffer[], last: readonly Interval[] | undefined): Ranges {
  const head = tablePrefix(table)
  const starts = prefixes.map((prefix) => Buffer.concat([head, prefix]))
  if (last) {
    const ranges = new LongRanges(starts, last)
    return ranges.length > MAX_RANGES ? ranges : [...ranges]
  }
  return starts.map((whole) => {
    const start = whole.subarray(0, COMPARABLE_BYTES)
    return { start, end: prefixEnd(start) as Buffer }
  })
}
