import { keyTypeOf, KeyType } from '../../keys/encode-value.ts'
import { prefixEnd } from '../../keys/ranges.ts'
import type { PathPredicate } from '../../match/bounds.ts'
import type { Collator } from '../../values/collation.ts'
import { shellText } from '../shell-text.ts'
import { byStart, encoded, end, point, pointsOf } from './list-points.ts'
import type { Interval } from './list-points.ts'

export interface FieldBounds {
  intervals: Interval[]
  /** No document outside the predicate has its key inside the intervals (when the field is not multikey). */
  exact: boolean
  /** Missing fields are outside: a sparse index may answer. */
  excludesMissing: boolean
  /** As explain shows them. */
  text(this: void): string[]
}

/** First key byte of the values in each type bracket of values/compare.ts. */
const KEY_TYPE_OF_BRACKET: Record<number, number> = {
  5: KeyType.null,
  10: KeyType.number,
  15: KeyType.string,
  20: KeyType.object,
  25: KeyType.array,
  30: KeyType.binData,
  35: KeyType.objectId,
  40: KeyType.bool,
  45: KeyType.date,
  47: KeyType.timestamp,
  50: KeyType.regex,
  55: KeyType.dbPointer,
  60: KeyType.code,
  65: KeyType.codeWithScope,
}

/** Null, missing and the undefined of an empty array lie side by side. */
const NULLS: Interval = { start: Buffer.of(KeyType.missing), end: Buffer.of(KeyType.null + 1), point: false }
/** A pattern also matches a stored regular expression that is the same. */
const REGEXES: Interval = { start: Buffer.of(KeyType.regex), end: Buffer.of(KeyType.regex + 1), point: false }
const EVERYTHING: Interval = { start: Buffer.of(0), end: Buffer.of(0xff), point: false }

/** Whether a value's key depends on the collation. */
function hasText(value: unknown): boolean {
  const type = keyTypeOf(value)
  return type === KeyType.string || type === KeyType.object || type === KeyType.array
}

/**
 * The intervals of one predicate in an index whose strings follow `collator`; undefined when it gives no bound there.
 * @param sameCollation the query compares strings as the index does
 */
export function boundsOf(
  predicate: PathPredicate,
  collator: Collator | undefined,
  sameCollation: boolean,
): FieldBounds | undefined {
  switch (predicate.kind) {
    case 'eq':
      if (hasText(predicate.value) && !sameCollation) return undefined
      return {
        intervals: [point(predicate.value, collator)],
        exact: true,
        excludesMissing: true,
        text: () => [pointText(predicate.value)],
      }
    case 'null':
      return { intervals: [NULLS], exact: false, excludesMissing: false, text: () => ['[null, null]'] }
    case 'in': {
      if (!sameCollation && predicate.values.some(hasText)) return undefined
      const points = pointsOf(predicate.values, collator)
      return {
        intervals: predicate.hasNull ? [...points, NULLS].sort(byStart) : points,
        exact: !predicate.hasNull,
        excludesMissing: !predicate.hasNull,
        text: () => [...predicate.values.map(pointText), ...(predicate.hasNull ? ['[null, null]'] : [])],
      }
    }
    case 'range':
      return rangeBounds(predicate, collator, sameCollation)
    case 'prefix': {
      if (collator || !sameCollation) return undefined
      const start = encoded(predicate.prefix, undefined).subarray(0, -2)
      return {
        intervals: [{ start, end: end(start), point: false }, REGEXES],
        exact: false,
        excludesMissing: true,
        text: () => [
          `[${shellText(predicate.prefix)}, ${shellText(nextPrefix(predicate.prefix))})`,
          `[/^${predicate.prefix}/, /^${predicate.prefix}/]`,
        ],
      }
    }
    case 'exists':
      return { intervals: [EVERYTHING], exact: false, excludesMissing: true, text: () => ['[MinKey, MaxKey]'] }
    case 'elemMatch':
      return undefined
  }
}

function rangeBounds(
  predicate: PathPredicate & { kind: 'range' },
  collator: Collator | undefined,
  sameCollation: boolean,
): FieldBounds | undefined {
  const type = KEY_TYPE_OF_BRACKET[predicate.bracket]
  if (type === undefined) return undefined
  const text = type === KeyType.string || type === KeyType.object || type === KeyType.array
  if (text && (collator || !sameCollation)) return undefined
  let start: Buffer = Buffer.of(type)
  let stop: Buffer = Buffer.of(type + 1)
  if (predicate.lo !== undefined) {
    const lo = encoded(predicate.lo, undefined)
    start = predicate.loInclusive ? lo : end(lo)
  } else if (type === KeyType.number && predicate.hi !== undefined) start = NUMBER_AFTER_NAN
  if (predicate.hi !== undefined) {
    const hi = encoded(predicate.hi, undefined)
    stop = predicate.hiInclusive ? end(hi) : hi
  }
  const open = predicate.lo === undefined || predicate.loInclusive ? '[' : '('
  const closed = predicate.hi === undefined ? type !== KeyType.string && type !== KeyType.object : predicate.hiInclusive
  const shut = closed ? ']' : ')'
  const intervals = Buffer.compare(start, stop) < 0 ? [{ start, end: stop, point: false }] : []
  return {
    intervals,
    exact: true,
    excludesMissing: true,
    text: () => [`${open}${limitText(predicate.lo, type, false)}, ${limitText(predicate.hi, type, true)}${shut}`],
  }
}

/** NaN is below every number in order but in no range. */
const NUMBER_AFTER_NAN = end(encoded(Number.NaN, undefined))

function pointText(value: unknown): string {
  return `[${shellText(value)}, ${shellText(value)}]`
}

/** The end of a range, or of its type where the query sets none, as explain writes it. */
function limitText(value: unknown, type: number, upper: boolean): string {
  if (value !== undefined) return shellText(value)
  switch (type) {
    case KeyType.number:
      return upper ? 'inf.0' : '-inf.0'
    case KeyType.string:
      return upper ? '{}' : '""'
    case KeyType.object:
      return upper ? '[]' : '{}'
    case KeyType.date:
      return upper ? 'new Date(9223372036854775807)' : 'new Date(-9223372036854775808)'
    case KeyType.bool:
      return String(upper)
    default:
      return upper ? 'MaxKey' : 'MinKey'
  }
}

function nextPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}

/** What two bounds of one field have in common. */
export function intersect(a: FieldBounds, b: FieldBounds): FieldBounds {
  const intervals: Interval[] = []
  for (const x of a.intervals) {
    for (const y of b.intervals) {
      const start = Buffer.compare(x.start, y.start) >= 0 ? x.start : y.start
      const stop = Buffer.compare(x.end, y.end) <= 0 ? x.end : y.end
      if (Buffer.compare(start, stop) < 0) intervals.push({ start, end: stop, point: x.point || y.point })
    }
  }
  return {
    intervals,
    exact: a.exact && b.exact,
    excludesMissing: a.excludesMissing || b.excludesMissing,
    text: () => [...a.text(), ...b.text()],
  }
}

/** The same values in a descending field, in the order they are stored. */
export function invertInterval({ start, end: stop, point: isPoint }: Interval): Interval {
  const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => ~byte & 0xff))
  return {
    start: prefixEnd(flip(stop)) ?? Buffer.of(0xff),
    end: prefixEnd(flip(start)) ?? Buffer.of(0xff),
    point: isPoint,
  }
}
