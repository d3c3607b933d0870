import { decode } from '../bson/decode.ts'
import { CommandError } from '../errors.ts'
import { rootOf } from '../engine/filter-fields.ts'
import { Turns } from '../engine/interrupt.ts'
import { choosePlan } from '../engine/planner/choose.ts'
import { Scan } from '../engine/planner/scan.ts'
import { DistinctValues } from '../engine/query/distinct-values.ts'
import { checkNearIndex } from '../engine/query/near-index.ts'
import { compileQuery } from '../engine/query/query.ts'
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
    if (key === undefined)
      throw new CommandError(40414, 'Location40414', "BSON field 'distinct.key' is missing but a required field")
    if (typeof key !== 'string')
      throw new CommandError(14, 'TypeMismatch', `BSON field 'distinct.key' is the wrong type, expected type 'string'`)
    if (key.includes('\0'))
      throw new CommandError(31032, 'Location31032', 'Key field cannot contain an embedded null byte')
    const view = context.source.view(namespace)
    if (view) return distinctOnView(context, view, key)
    const collection = context.source.collection(namespace)
    const collator = queryCollator(context.body.collation, collection)
    const query = compileQuery(optionalDocument(context, 'query') ?? {}, { collator, now: new Date(), near: true })
    const { atClusterTime } = context
    if (!collection) return { values: [], atClusterTime }
    checkNearIndex(collection, query)
    const scan = new Scan(
      collection,
      choosePlan(collection, context.source.reader, { filter: query.filter, collator, hint: context.body.hint }),
    )
    const turns = new Turns(context.interrupt)
    const only = new Set([rootOf(key)])
    const values = new DistinctValues(key, collator)
    while (!scan.done) {
      for (const { bytes } of scan.resume(context.source.reader)) {
        if (query.matches(bytes)) values.add(decode(bytes, only))
        if (turns.over) break
      }
      if (!scan.done) await turns.next()
    }
    return { values: await values.sorted(turns), atClusterTime }
  },
}
