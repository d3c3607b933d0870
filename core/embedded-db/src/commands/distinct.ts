import { slicedSort } from '../aggregate/sliced-sort.ts'
import { decode } from '../bson/decode.ts'
import { CommandError } from '../errors.ts'
import { rootOf } from '../engine/filter-fields.ts'
import { Turns } from '../engine/interrupt.ts'
import { choosePlan } from '../engine/planner/choose.ts'
import { Scan } from '../engine/planner/scan.ts'
import { compileQuery } from '../engine/query/query.ts'
import { compareValues } from '../values/compare.ts'
import { hashKey } from '../values/hash-key.ts'
import { keyValues } from '../values/paths.ts'
import { collectionName, optionalDocument, queryCollator } from './arguments.ts'
import type { Command } from './command.ts'
import { distinctOnView } from './views.ts'

export const distinct: Command = {
  name: 'distinct',
  fields: ['distinct', 'key', 'query', 'collation', 'hint', 'collectionUUID'],
  transactional: true,
  async run(context) {
    const namespace = `${context.database}.${collectionName(context)}`
    const key: unknown = context.body.key
    if (typeof key !== 'string')
      throw new CommandError(14, 'TypeMismatch', `BSON field 'distinct.key' is the wrong type, expected type 'string'`)
    const view = context.source.view(namespace)
    if (view) return distinctOnView(context, view, key)
    const collection = context.source.collection(namespace)
    const collator = queryCollator(context.body.collation, collection)
    const query = compileQuery(optionalDocument(context, 'query') ?? {}, { collator, now: new Date() })
    const { atClusterTime } = context
    if (!collection) return { values: [], atClusterTime }
    const scan = new Scan(
      collection,
      choosePlan(collection, context.source.reader, { filter: query.filter, collator, hint: context.body.hint }),
    )
    const turns = new Turns(context.interrupt)
    const names = key.split('.')
    const only = new Set([rootOf(key)])
    const found = new Map<string, unknown>()
    while (!scan.done) {
      for (const { bytes } of scan.resume(context.source.reader)) {
        if (query.matches(bytes))
          for (const value of presentValues(decode(bytes, only), names))
            remember(found, hashKey(value, collator), value)
        if (turns.over) break
      }
      if (!scan.done) await turns.next()
    }
    const values = await slicedSort([...found.values()], (a, b) => compareValues(a, b, collator), turns)
    return { values, atClusterTime }
  },
}

/** Of values that are equal the first stands for all. */
function remember(found: Map<string, unknown>, key: string, value: unknown): void {
  if (!found.has(key)) found.set(key, value)
}

/** The values at a path, without the null that stands for a missing field. */
export function presentValues(document: Record<string, unknown>, names: readonly string[]): unknown[] {
  const values = keyValues(document, names).filter((value) => value !== undefined)
  if (!values.includes(null)) return values
  return hasNull(document, names) ? values : values.filter((value) => value !== null)
}

function hasNull(value: unknown, names: readonly string[]): boolean {
  if (names.length === 0) return value === null || (Array.isArray(value) && value.includes(null))
  if (Array.isArray(value)) {
    const [first = '', ...rest] = names
    return (
      value.some((item) => !Array.isArray(item) && hasNull(item, names)) ||
      (/^\d+$/.test(first) && hasNull(value[Number(first)], rest))
    )
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, names[0] as string)) return false
  return hasNull((value as Record<string, unknown>)[names[0] as string], names.slice(1))
}
