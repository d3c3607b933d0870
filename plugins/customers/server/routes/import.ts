import type { Readable } from 'node:stream'
import { Problem, type PluginContext } from '@dcesop/sdk-plugin'
import { importStream } from '../import/import-stream.ts'
import { writeBatch } from '../import/write-batch.ts'
import type { CustomerStores } from '../store.ts'
import { closed, regionShape } from './shapes.ts'

const mostAtOnce = 4

/** `POST /import?region=`: customers of one region as NDJSON, from the system that owns the records. */
export function importRoute(context: PluginContext, stores: CustomerStores): void {
  const { clock, events } = context
  let running = 0

  context.route<{ Query: { readonly region: string }; Payload: Readable }>({
    method: 'POST',
    path: '/import',
    summary:
      'Insert or update customers by external id from NDJSON rows; bad rows are reported and skipped. It is recorded.',
    query: closed(['region'], { region: regionShape }),
    responses: {
      200: closed(['received', 'created', 'updated', 'unchanged', 'rejected', 'errors'], {
        received: { type: 'integer' },
        created: { type: 'integer' },
        updated: { type: 'integer' },
        unchanged: { type: 'integer' },
        rejected: { type: 'integer' },
        errors: { type: 'array', maxItems: 100, items: { type: 'object' } },
      }),
    },
    async handler(request) {
      const store = stores.for(request.identity, request.query.region)
      if (running >= mostAtOnce) {
        throw new Problem(429, 'import_busy', 'Other imports are running; send the rows again later.', {
          retryAfter: 2,
        })
      }
      running++
      try {
        // Before the first row: an import that breaks off has changed people, too.
        await request.audit({ action: 'customer.import', region: store.region })
        return await importStream(request.payload, store.region, store.profile, (batch) => {
          request.signal.throwIfAborted()
          return writeBatch({ store, events, clock }, batch)
        })
      } finally {
        running--
      }
    },
  })
}
