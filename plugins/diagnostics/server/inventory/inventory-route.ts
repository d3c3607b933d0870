import { Readable } from 'node:stream'
import type { RegionId, RouteDefinition } from '@dcesop/sdk-plugin'
import type { PlanPromise, ServiceRecord, Technology } from '@dcesop/sdk-plugin/contracts'
import { closed, region } from '../schemas.ts'
import { storesFor, type Services } from '../services.ts'

/** One line of the answer. */
export interface InventoryLine {
  readonly serviceId: string
  readonly customerId: string
  readonly technology: Technology
  readonly status: ServiceRecord['status']
  readonly elementKind: 'cell' | 'olt'
  readonly elementId: string
  readonly site: string
  readonly promise: PlanPromise
  readonly cycleDay: number
  readonly timeZone: string
  /** Time of the newest sample that is stored, so that a machine knows what is missing. */
  readonly lastAt?: Date
}

/** `GET /inventory?region=`: every service of a region as NDJSON, for the machines that measure them. */
export function inventoryRoute(services: Services): RouteDefinition<{ Query: { region: RegionId } }> {
  return {
    method: 'GET',
    path: '/inventory',
    summary: 'The services of a region with their cell or OLT and plan, as NDJSON without personal data',
    query: closed({ region }),
    async handler(request, h) {
      const where = request.query.region
      storesFor(services, request.identity, where)
      await request.audit({ action: 'inventory.read', region: where })
      const lines = Readable.from(inventoryLines(services, where), { objectMode: false })
      return h.response(lines).type('application/x-ndjson')
    },
  }
}

async function* inventoryLines(services: Services, where: RegionId): AsyncGenerator<string> {
  const { latest } = services.stores(where)
  for await (const page of services.inventory.pages(where)) {
    const known = latest
      .find({ _id: { $in: page.map((service) => service.id) } })
      .project<{ _id: string; at: Date }>({ at: 1 })
    const lastAt = new Map((await known.toArray()).map((state) => [state._id, state.at]))
    yield page.map((service) => `${JSON.stringify(inventoryLine(service, lastAt.get(service.id)))}\n`).join('')
  }
}

/** What a machine must know to measure a service; the label is a masked number and stays here. */
function inventoryLine(service: ServiceRecord, lastAt: Date | undefined): InventoryLine {
  const { id: serviceId, customerId, technology, status, networkElement, plan, cycleDay, timeZone } = service
  const { kind: elementKind, id: elementId, site } = networkElement
  const line = {
    serviceId,
    customerId,
    technology,
    status,
    elementKind,
    elementId,
    site,
    promise: plan.promise,
    cycleDay,
    timeZone,
  }
  return lastAt === undefined ? line : { ...line, lastAt }
}
