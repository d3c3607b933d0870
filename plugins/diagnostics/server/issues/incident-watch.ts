import type { MassIncidentRule } from '../config.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Stores } from '../stores.ts'
import { changeOpenIncident, saveIncident } from './incident-store.ts'
import type { IncidentDocument } from './incident.ts'
import { assessElement, outageMetrics, type Trouble } from './mass-incident.ts'
import type { SilenceWatch } from './silence.ts'

/** Compares the open issues of a region, and who is silent there, with its inventory and opens, updates and ends detected incidents. */
export async function watchIncidents(
  stores: Stores,
  parts: { inventory: Inventory; silence: SilenceWatch; rule: MassIncidentRule; keepDays: number; now: Date },
): Promise<IncidentDocument[]> {
  const issues = await stores.issues.find({ endedAt: null, metric: { $in: [...outageMetrics] } }).toArray()
  const byElement = Map.groupBy(issues, (issue) => issue.elementId)
  const open = await stores.incidents.find({ endedAt: null, origin: 'detected' }).toArray()
  const declared = await stores.incidents
    .find({ endedAt: null, origin: 'declared', startedAt: { $lte: parts.now } })
    .toArray()
  const explained = new Set(declared.flatMap((incident) => incident.elementIds))
  const openByElement = new Map(open.map((incident) => [incident.elementIds[0] ?? '', incident]))
  const silent = await parts.silence.look(stores, open, parts.now)
  const troublesOn = (id: string): readonly Trouble[] => [...(byElement.get(id) ?? []), ...(silent.get(id) ?? [])]
  const candidates = [...byElement.keys(), ...silent.keys()].filter(
    (id) => distinctServices(troublesOn(id)) >= parts.rule.minServices,
  )
  const elementIds = new Set([...candidates, ...openByElement.keys()])
  const changed: IncidentDocument[] = []
  for (const id of elementIds) {
    // An issue of a service that was switched off stays open and says nothing about the network.
    const working = new Set(await parts.inventory.on(stores.region, id))
    const troubles = troublesOn(id).filter(({ serviceId }) => working.has(serviceId))
    const known = openByElement.get(id)
    const place = known ?? (await placeOf(stores, parts.inventory, troubles[0]))
    if (place === undefined) continue
    const element = { id, kind: place.elementKind, site: place.site, services: working.size, troubles }
    const incident = assessElement(parts.rule, element, known, parts.now, explained.has(id))
    if (incident === undefined) continue
    const stored = await store(stores, incident, known === undefined, parts.keepDays)
    if (stored !== null) changed.push(stored)
  }
  return changed
}

/** Writes what was counted; null when network operations ended the incident meanwhile. */
async function store(
  stores: Stores,
  incident: IncidentDocument,
  isNew: boolean,
  keepDays: number,
): Promise<IncidentDocument | null> {
  if (!isNew) {
    const { _id, affected, services, severity, updatedAt, endedAt } = incident
    return changeOpenIncident(stores, _id, { affected, services, severity, updatedAt, endedAt }, keepDays)
  }
  await saveIncident(stores, incident, keepDays)
  return incident
}

function distinctServices(troubles: readonly Trouble[]): number {
  return new Set(troubles.map(({ serviceId }) => serviceId)).size
}

async function placeOf(
  stores: Stores,
  inventory: Inventory,
  trouble: Trouble | undefined,
): Promise<Pick<IncidentDocument, 'elementKind' | 'site'> | undefined> {
  if (trouble === undefined) return undefined
  const { serviceId } = trouble
  const service = (await inventory.find(stores.region, [serviceId])).get(serviceId)
  return service && { elementKind: service.networkElement.kind, site: service.networkElement.site }
}
