import { Int32 } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import type { Collection } from '../engine/collection.ts'
import { collectFilterFields, rootOf } from '../engine/filter-fields.ts'
import { timeSeriesOf } from '../engine/time-series.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'
import { flag } from './arguments.ts'

/** Seconds that MongoDB's buckets span at most. */
const SPANS: Record<string, number> = { seconds: 3600, minutes: 86_400, hours: 2_592_000 }
const LONGEST_SPAN = 31_536_000

/** Stored options that only ordinary collections have. */
export const ORDINARY = [
  'capped',
  'size',
  'max',
  'validator',
  'validationLevel',
  'validationAction',
  'changeStreamPreAndPostImages',
]

/** Options of a collection that a time series does not have. */
const OTHERS = [...ORDINARY, 'clusteredIndex', 'idIndex', 'autoIndexId']

function invalid(message: string): CommandError {
  return new CommandError(72, 'InvalidOptions', message)
}

function fieldOf(given: Document, option: 'timeField' | 'metaField'): string | undefined {
  const name: unknown = given[option]
  if (name === undefined) return undefined
  if (typeof name !== 'string')
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field 'timeseries.${option}' is the wrong type '${typeName(name)}', expected type 'string'`,
    )
  if (name === '' || name.includes('.') || name.startsWith('$') || name === '_id')
    throw invalid(`'${option}' must be the name of a field other than _id, and no path`)
  return name
}

function spanOf(given: Document): Document {
  const { granularity, bucketMaxSpanSeconds: span, bucketRoundingSeconds: rounding } = given
  if (granularity !== undefined && !(typeof granularity === 'string' && granularity in SPANS))
    throw new CommandError(
      2,
      'BadValue',
      `Enumeration value '${String(granularity)}' for field 'timeseries.granularity' is not a valid value.`,
    )
  if (span === undefined && rounding === undefined) {
    const name = (granularity as string | undefined) ?? 'seconds'
    return { granularity: name, bucketMaxSpanSeconds: new Int32(SPANS[name] as number) }
  }
  for (const [option, seconds] of Object.entries({ bucketMaxSpanSeconds: span, bucketRoundingSeconds: rounding }))
    if (seconds !== undefined && !(isNumeric(seconds) && toNumber(seconds) >= 1 && toNumber(seconds) <= LONGEST_SPAN))
      throw new CommandError(
        51024,
        'Location51024',
        `BSON field 'timeseries.${option}' must be from 1 to ${LONGEST_SPAN}, actual value '${String(seconds)}'`,
      )
  // As the server shows them, a span that belongs to a granularity is given with it.
  if (granularity !== undefined && isNumeric(span) && toNumber(span) === SPANS[granularity as string])
    return { granularity: granularity as string, bucketMaxSpanSeconds: new Int32(toNumber(span)) }
  if (granularity !== undefined || !isNumeric(span) || !isNumeric(rounding) || toNumber(span) !== toNumber(rounding))
    throw invalid("'bucketMaxSpanSeconds' and 'bucketRoundingSeconds' must be equal and given without 'granularity'")
  const seconds = new Int32(Math.trunc(toNumber(span)))
  return { bucketRoundingSeconds: seconds, bucketMaxSpanSeconds: seconds }
}

/** The option `timeseries` of a new collection as it is stored. @throws CommandError for what is none, or beside options it excludes */
export function timeSeriesOptions(body: Document): Document {
  const given: unknown = body.timeseries
  if (!isObject(given))
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field 'create.timeseries' is the wrong type '${typeName(given)}', expected type 'object'`,
    )
  const known = ['timeField', 'metaField', 'granularity', 'bucketMaxSpanSeconds', 'bucketRoundingSeconds']
  const unknown = Object.keys(given).find((option) => !known.includes(option))
  if (unknown !== undefined)
    throw new CommandError(40415, 'Location40415', `BSON field 'timeseries.${unknown}' is an unknown field.`)
  const timeField = fieldOf(given, 'timeField')
  if (timeField === undefined)
    throw new CommandError(40414, 'Location40414', "BSON field 'timeseries.timeField' is missing but a required field")
  const metaField = fieldOf(given, 'metaField')
  if (metaField === timeField) throw invalid("'timeField' and 'metaField' must differ")
  const unfit = OTHERS.find((option) => body[option] !== undefined && body[option] !== false)
  if (unfit !== undefined) throw invalid(`'${unfit}' is not allowed with 'timeseries'`)
  return { timeField, ...(metaField !== undefined && { metaField }), ...spanOf(given) }
}

/** The option after collMod, which lets buckets span more and never less. */
export function widenedSeries(options: Document, given: unknown): Document {
  const before = timeSeriesOf(options) as Document | undefined
  if (!before) throw invalid("'timeseries' is only supported on a time-series collection")
  if (!isObject(given) || 'timeField' in given || 'metaField' in given)
    throw invalid("'timeseries' of collMod takes 'granularity' or the spans of buckets")
  const { timeField, metaField } = before
  const after = timeSeriesOptions({ timeseries: { timeField, ...(metaField && { metaField }), ...given } })
  if (Number(after.bucketMaxSpanSeconds) < Number(before.bucketMaxSpanSeconds))
    throw invalid('the span of the buckets of a time series cannot become shorter')
  return after
}

/** @throws CommandError 72 for an index that a time series does not have */
export function checkSeriesIndex(spec: Document): void {
  if (isObject(spec.key) && '_id' in spec.key && Object.keys(spec.key).length === 1)
    throw notImplemented('an index on _id of a time series')
  const unfit = ['unique', 'sparse', 'prepareUnique'].find((option) => flag(spec[option]))
  if (unfit !== undefined) throw invalid(`${unfit} indexes are not supported on time-series collections`)
}

/** @throws CommandError 72 for any update but of the metaField of all documents that the metaField selects */
export function checkSeriesUpdate(
  { options }: Collection,
  one: { filter: Document; update: unknown; multi: boolean; upsert: boolean },
): void {
  if (!one.multi) throw invalid('Cannot perform a non-multi update on a time-series collection')
  if (one.upsert) throw invalid('Cannot perform an upsert on a time-series collection')
  const metaField = timeSeriesOf(options)?.metaField
  if (metaField === undefined)
    throw invalid('Cannot perform an update on a time-series collection that does not have a metaField')
  const read = new Set<string>()
  const reads = collectFilterFields(one.filter, read)
  const changed = isObject(one.update) ? changedFields(one.update) : undefined
  for (const [what, fields] of Object.entries({ reads: reads && read, changes: changed }))
    if (!fields || [...fields].some((field) => field !== metaField))
      throw invalid(`an update of a time-series collection ${what} its metaField '${metaField}' alone`)
}

/** The top-level fields that update operators change; undefined for a replacement. */
function changedFields(update: Document): Set<string> | undefined {
  const fields = new Set<string>()
  for (const [operator, paths] of Object.entries(update)) {
    if (!operator.startsWith('$') || !isObject(paths)) return undefined
    for (const [path, value] of Object.entries(paths)) {
      fields.add(rootOf(path))
      if (operator === '$rename' && typeof value === 'string') fields.add(rootOf(value))
    }
  }
  return fields
}
