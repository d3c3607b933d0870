import { countMatching } from '../engine/query/count.ts'
import { checkNearIndex } from '../engine/query/near-index.ts'
import { compileQuery } from '../engine/query/query.ts'
import { collectionName, optionalCount, optionalDocument, optionalNumber, queryCollator } from './arguments.ts'
import type { Command } from './command.ts'
import { countOnView } from './views.ts'

export const count: Command = {
  name: 'count',
  fields: ['count', 'query', 'limit', 'skip', 'hint', 'collation', 'fields', 'collectionUUID'],
  async run(context) {
    const namespace = `${context.database}.${collectionName(context)}`
    const filter = optionalDocument(context, 'query') ?? {}
    const view = context.source.view(namespace)
    if (view) return countOnView(context, view, filter)
    const collection = context.source.collection(namespace)
    const collator = queryCollator(context.body.collation, collection)
    const query = compileQuery(filter, { collator, now: new Date(), near: true })
    const limit = Math.abs(Math.trunc(optionalNumber(context, 'limit') ?? 0)) || Number.POSITIVE_INFINITY
    const skip = optionalCount(context, 'skip') ?? 0
    if (!collection) return { n: 0 }
    checkNearIndex(collection, query)
    const all = await countMatching(
      context.source,
      collection,
      query,
      context.body.hint,
      skip + limit,
      context.interrupt,
    )
    return { n: Math.max(0, Math.min(all - skip, limit)) }
  },
}
