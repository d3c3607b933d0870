import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection, Index } from './collection.ts'

/** What a time series collection was made with; undefined for any other collection. */
interface TimeSeries {
  timeField: string
  metaField?: string
}

export function timeSeriesOf(options: Document): TimeSeries | undefined {
  return options.timeseries as TimeSeries | undefined
}

/** The indexes that a collection has from its start, the first of which stays: a time series is clustered by its time, and `_id` is a field like any other. */
export function firstIndexes(options: Document): Document[] {
  const series = timeSeriesOf(options)
  if (!series) return [{ key: { _id: 1 } }]
  const { timeField, metaField } = series
  const byTime = { key: { [timeField]: 1 }, name: '_id_' }
  return metaField === undefined ? [byTime] : [byTime, { key: { [metaField]: 1, [timeField]: 1 } }]
}

/** The indexes as they are shown and named: what clusters a time series is none of them. */
export function shownIndexes({ indexes, timeField }: Pick<Collection, 'indexes' | 'timeField'>): readonly Index[] {
  return timeField === undefined ? indexes : indexes.slice(1)
}

/** @throws CommandError 2 for a document without a date in the field of its time */
export function checkTime(timeField: string, document: Document): void {
  if (!(document[timeField] instanceof Date))
    throw new CommandError(2, 'BadValue', `'${timeField}' must be present and contain a valid BSON UTC datetime value`)
}

/** The name by which the log has a collection: what happens to a time series no change stream tells, as it does not of the server's own. */
export function loggedName({ name, timeField }: Pick<Collection, 'name' | 'timeField'>): string {
  return timeField === undefined ? name : `system.buckets.${name}`
}
