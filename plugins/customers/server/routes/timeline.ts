import { randomUUID } from 'node:crypto'
import { notFound, Problem, type PluginContext } from '@dcesop/sdk-plugin'
import type { TimelineEntry } from '@dcesop/sdk-plugin/contracts'
import { timelineId } from '../model/ids.ts'
import { channels } from '../model/timeline.ts'
import type { CustomerStore, CustomerStores } from '../store.ts'
import { addEntry, isCustomer, timelinePage } from '../timeline.ts'
import { closed, customerParams, entryShape, type CustomerParams } from './shapes.ts'

interface PageQuery {
  readonly cursor?: string
  readonly channel?: TimelineEntry['channel']
  readonly limit?: number
}

async function requireCustomer(store: CustomerStore, id: string): Promise<void> {
  if (!(await isCustomer(store, id))) throw notFound()
}

/** `GET /customers/{region}/{id}/timeline`: newest first, by cursor; each page is recorded before it is shown. */
export function timelineRoute(context: PluginContext, stores: CustomerStores): void {
  context.route<{ Params: CustomerParams; Query: PageQuery }>({
    method: 'GET',
    path: '/customers/{region}/{id}/timeline',
    summary: 'What happened to a customer, newest first. The access is recorded.',
    params: customerParams,
    query: closed([], {
      cursor: { type: 'string', minLength: 1, maxLength: 80 },
      channel: { enum: channels },
      limit: { type: 'integer', minimum: 1, maximum: 50 },
    }),
    responses: {
      200: closed(['entries'], { entries: { type: 'array', items: entryShape }, cursor: { type: 'string' } }),
    },
    async handler({ identity, params, query, audit }, h) {
      const store = stores.for(identity, params.region)
      await requireCustomer(store, params.id)
      const page = await timelinePage(store, params.id, { ...query, limit: query.limit ?? 20 })
      await audit({
        action: 'customer.timeline',
        region: store.region,
        resource: params.id,
        details: { entries: page.entries.length, older: query.cursor !== undefined },
      })
      return h.response(page).header('cache-control', 'no-store')
    },
  })
}

/** Something that can be seen: there are spaces and signs without width. */
const seen = '[\\p{L}\\p{N}\\p{P}\\p{S}]'

/** One note per key; without a key each call is a note of its own. @throws Problem 400 `invalid_idempotency_key` */
function noteKey(header: unknown, subject: string): string {
  if (header === undefined) return randomUUID()
  if (typeof header !== 'string' || !/^[\x21-\x7e]{8,128}$/.test(header)) {
    throw new Problem(400, 'invalid_idempotency_key', 'Idempotency-Key must be 8 to 128 visible ASCII characters.')
  }
  return `note:${subject}:${header}`
}

/** `POST /customers/{region}/{id}/notes`: adds a note once per Idempotency-Key. */
export function notesRoute(context: PluginContext, stores: CustomerStores): void {
  context.route<{ Params: CustomerParams; Payload: { readonly text: string } }>({
    method: 'POST',
    path: '/customers/{region}/{id}/notes',
    summary: 'Add a note to the timeline of a customer.',
    params: customerParams,
    body: closed(['text'], { text: { type: 'string', minLength: 1, maxLength: 2000, pattern: seen } }),
    responses: { 200: entryShape, 201: entryShape },
    async handler(request, h) {
      const { identity, params, payload, headers } = request
      const store = stores.for(identity, params.region)
      await requireCustomer(store, params.id)
      const _id = timelineId(params.id, noteKey(headers['idempotency-key'], identity.subject))
      await request.audit({
        action: 'customer.note',
        region: store.region,
        resource: params.id,
        details: { entry: _id },
      })
      // The database keeps half of a surrogate pair as something else.
      const text = payload.text.toWellFormed().trim()
      const { item, added } = await addEntry(store, context.realtime, {
        _id,
        customerId: params.id,
        at: context.clock.now(),
        kind: 'note',
        channel: 'system',
        titleKey: 'timeline.note',
        text,
        author: identity.displayName,
      })
      if (item.text !== text)
        throw new Problem(422, 'idempotency_key_reused', 'This Idempotency-Key was used for another note.')
      return h.response(item).code(added ? 201 : 200)
    },
  })
}
