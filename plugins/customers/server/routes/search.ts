import { notFound, type Identity, type PluginContext, type PluginRequest } from '@dcesop/sdk-plugin'
import { disclosure } from '../disclosure.ts'
import { searchRegion, type SearchResult } from '../search.ts'
import { searchPlan } from '../search-keys.ts'
import { soughtRecord } from '../search-record.ts'
import type { CustomerStore, CustomerStores } from '../store.ts'
import { closed, regionShape, summaryShape } from './shapes.ts'

interface SearchInput {
  readonly q: string
  readonly region?: string
  readonly limit?: number
}

const input = closed(['q'], {
  q: { type: 'string', minLength: 2, maxLength: 120 },
  region: regionShape,
  limit: { type: 'integer', minimum: 1, maximum: 20 },
})

const responses = {
  200: closed(['results'], { results: { type: 'array', maxItems: 20, items: summaryShape } }),
}

function storesFor(stores: CustomerStores, identity: Identity, region: string | undefined): CustomerStore[] {
  if (region !== undefined) return [stores.for(identity, region)]
  const own = stores.regions.filter((id) => identity.regions.includes(id))
  if (own.length === 0) throw notFound()
  return own.map((id) => stores.for(identity, id))
}

/**
 * At most `limit` (default 20) people over the identity's regions, by name. In each region that was searched it is on record who is
 * shown, before they are; also that nobody was found.
 */
async function search(
  stores: CustomerStores,
  { identity, audit }: Pick<PluginRequest, 'identity' | 'audit'>,
  { q, region, limit = 20 }: SearchInput,
): Promise<{ results: SearchResult[] }> {
  const searches = storesFor(stores, identity, region).flatMap((store) => {
    const plan = searchPlan(q, store.profile)
    return plan === undefined ? [] : [{ store, plan }]
  })
  const found = await Promise.all(searches.map(({ store, plan }) => searchRegion(store, plan, limit)))
  const results = found
    .flat()
    .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
  const records = searches.map(({ store, plan }) => {
    const shown = results.filter((result) => result.region === store.region)
    return disclosure('customer.search', store.region, shown, { ...soughtRecord(plan, store.profile) })
  })
  await Promise.all(records.map((record) => audit(record)))
  return { results }
}

/** `GET /search` for machines and scripts; `POST /search` for screens, where what was typed must not stand in a URL. */
export function searchRoutes(context: PluginContext, stores: CustomerStores): void {
  context.route<{ Query: SearchInput }>({
    method: 'GET',
    path: '/search',
    summary: 'Find customers by phone, document, account, e-mail or the beginning of names. The search is recorded.',
    query: input,
    responses,
    handler: (request) => search(stores, request, request.query),
  })
  context.route<{ Payload: SearchInput }>({
    method: 'POST',
    path: '/search',
    summary: 'The same search with the personal data that was typed kept out of URLs and logs.',
    body: input,
    responses,
    handler: (request) => search(stores, request, request.payload),
  })
}
