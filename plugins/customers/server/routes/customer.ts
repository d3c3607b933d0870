import { notFound, type Identity, type PluginContext } from '@dcesop/sdk-plugin'
import { customerView, revealedValue } from '../customer-view.ts'
import type { PersonDocument } from '../model/person.ts'
import type { ServiceDocument } from '../model/service.ts'
import { unfit } from '../one-line.ts'
import type { CustomerStore, CustomerStores } from '../store.ts'
import { closed, customerParams, type CustomerParams } from './shapes.ts'

/** A word of it can be read, and all of it stands in one line of the record. */
const reasonPattern = `^(?=.*[\\p{L}\\p{N}]{2})[^${unfit}]*$`

interface Found {
  readonly store: CustomerStore
  readonly person: PersonDocument
  readonly services: readonly ServiceDocument[]
}

/** @throws Problem 404 for an unknown customer and for one of a region that the identity may not see */
async function find(stores: CustomerStores, identity: Identity, { region, id }: CustomerParams): Promise<Found> {
  const store = stores.for(identity, region)
  const [person, services] = await Promise.all([
    store.people.findById(id, { keys: 0 }).lean<PersonDocument>(),
    store.services.find({ customerId: id }).lean<ServiceDocument[]>(),
  ])
  if (person === null) throw notFound()
  return { store, person, services }
}

/** `GET /customers/{region}/{id}`: the 360 view; each is recorded before it is shown. */
export function customerRoute(context: PluginContext, stores: CustomerStores): void {
  context.route<{ Params: CustomerParams }>({
    method: 'GET',
    path: '/customers/{region}/{id}',
    summary: 'A customer with services, accounts and masked identifiers. The access is recorded.',
    params: customerParams,
    responses: { 200: { type: 'object' } },
    async handler(request, h) {
      const { store, person, services } = await find(stores, request.identity, request.params)
      await request.audit({ action: 'customer.view', region: store.region, resource: person._id })
      const recordedAt = context.clock.now().toISOString()
      return h.response({ ...customerView(store, person, services), recordedAt }).header('cache-control', 'no-store')
    },
  })
}

/** `POST /customers/{region}/{id}/reveal`: one masked value in full, for a stated reason that goes into the audit record. */
export function revealRoute(context: PluginContext, stores: CustomerStores): void {
  context.route<{ Params: CustomerParams; Payload: { readonly field: string; readonly reason: string } }>({
    method: 'POST',
    path: '/customers/{region}/{id}/reveal',
    summary: 'Reveal one masked value. The access and its reason are recorded.',
    params: customerParams,
    body: closed(['field', 'reason'], {
      field: { type: 'string', pattern: '^(?:(?:documents|phones|emails)/\\d|services/s_[0-9a-z]{20})$' },
      reason: { type: 'string', minLength: 8, maxLength: 200, pattern: reasonPattern },
    }),
    responses: { 200: closed(['field', 'value'], { field: { type: 'string' }, value: { type: 'string' } }) },
    async handler(request, h) {
      const { field, reason } = request.payload
      const { store, person, services } = await find(stores, request.identity, request.params)
      const value = revealedValue(field, person, services)
      if (value === undefined) throw notFound()
      const details = { field }
      await request.audit({ action: 'customer.reveal', region: store.region, resource: person._id, reason, details })
      return h.response({ field, value }).header('cache-control', 'no-store')
    },
  })
}
