import type { PluginContext } from '@dcesop/sdk-plugin'
import { idPattern } from '../model/ids.ts'
import type { PersonDocument } from '../model/person.ts'
import { disclosure } from '../disclosure.ts'
import { summaryFields, summaryOf, type CustomerSummary } from '../search.ts'
import type { CustomerStores } from '../store.ts'
import { closed, regionShape, summaryShape } from './shapes.ts'

interface Reference {
  readonly region: string
  readonly id: string
}

/** `POST /summaries`: names for ids that a screen kept (open tabs, recent customers); ids that cannot be seen are left out. */
export function summariesRoute(context: PluginContext, stores: CustomerStores): void {
  context.route<{ Payload: { readonly customers: readonly Reference[] } }>({
    method: 'POST',
    path: '/summaries',
    summary: 'Masked summaries of up to 20 customers by id. The access is recorded.',
    body: closed(['customers'], {
      customers: {
        type: 'array',
        maxItems: 20,
        items: closed(['region', 'id'], { region: regionShape, id: { type: 'string', pattern: idPattern.customer } }),
      },
    }),
    responses: { 200: closed(['customers'], { customers: { type: 'array', items: summaryShape } }) },
    async handler({ payload, identity, audit }) {
      const regions = stores.regions.filter((region) => identity.regions.includes(region))
      const found = await Promise.all(
        regions.map(async (region) => {
          const ids = payload.customers.filter((reference) => reference.region === region).map(({ id }) => id)
          if (ids.length === 0) return []
          const people = await stores
            .for(identity, region)
            .people.find({ _id: { $in: ids } }, summaryFields)
            .lean<PersonDocument[]>()
          const summaries = people.map((person) => summaryOf(region, person))
          if (summaries.length > 0) await audit(disclosure('customer.summary', region, summaries))
          return summaries
        }),
      )
      const byId = new Map(found.flat().map((summary) => [`${summary.region}/${summary.id}`, summary]))
      const customers = payload.customers.map(({ region, id }) => byId.get(`${region}/${id}`))
      return { customers: customers.filter((summary): summary is CustomerSummary => summary !== undefined) }
    },
  })
}
