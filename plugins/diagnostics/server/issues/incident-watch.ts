import type { MassIncidentRule } from '../config.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Stores } from '../stores.ts'
import { changeOpenIncident, saveIncident } from './incident-store.ts'
import type { IncidentDocument } from './incident.ts'
import type { IssueDocument } from './issue.ts'
import { assessElement, outageMetrics } from './mass-incident.ts'

/** Compares the open issues of a region with its inventory and opens, updates and ends detected incidents. */
export async function watchIncidents(
  stores: Stores,
  parts: { inventory: Inventory; rule: MassIncidentRule; keepDays: number; now: Date },
): Promise<IncidentDocument[]> {
  const issues = await stores.issues.find({ endedAt: null, metric: { $in: [...outageMetrics] } }).toArray()
  const byElement = Map.groupBy(issues, (issue) => issue.elementId)
  const open = await stores.incidents.find({ endedAt: null, origin: 'detected' }).toArray()
  const declared = await stores.incidents
    .find({ endedAt: null, origin: 'declared', startedAt: { $lte: parts.now } })
    .toArray()
  const explained = new Set(declared.flatMap((incident) => incident.elementIds))
  const openByElement = new Map(open.map((incident) => [incident.elementIds[0] ?? '', incident]))
  const candidates = [...byElement].filter(([, group]) => distinctServices(group) >= parts.rule.minServices)
  const elementIds = new Set([...candidates.map(([id]) => id), ...openByElement.keys()])
  const changed: IncidentDocument[] = []
  for (const id of elementIds) {
    // An issue of a service that was switched off stays open and says nothing about the network.
    const working = new Set(await parts.inventory.on(stores.region, id))
    const group = (byElement.get(id) ?? []).filter((issue) => working.has(issue.serviceId))
    const known = openByElement.get(id)
    const place = known ?? (await placeOf(stores, parts.inventory, group[0]))
    if (place === undefined) continue
    const element = { id, kind: place.elementKind, site: place.site, services: working.size, issues: group }
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

function distinctServices(issues: readonly IssueDocument[]): number {
  return new Set(issues.map((issue) => issue.serviceId)).size
}

async function placeOf(
  stores: Stores,
  inventory: Inventory,
  issue: IssueDocument | undefined,
): Promise<Pick<IncidentDocument, 'elementKind' | 'site'> | undefined> {
  if (issue === undefined) return undefined
  const service = (await inventory.find(stores.region, [issue.serviceId])).get(issue.serviceId)
  return service && { elementKind: service.networkElement.kind, site: service.networkElement.site }
}
