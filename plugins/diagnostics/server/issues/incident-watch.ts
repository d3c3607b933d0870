import type { MassIncidentRule } from '../config.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Stores } from '../stores.ts'
import { saveIncident } from './incident-store.ts'
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
  const declared = await stores.incidents.find({ endedAt: null, origin: 'declared' }).toArray()
  const explained = new Set(declared.flatMap((incident) => incident.elementIds))
  const openByElement = new Map(open.map((incident) => [incident.elementIds[0] ?? '', incident]))
  const candidates = [...byElement].filter(([, group]) => distinctServices(group) >= parts.rule.minServices)
  const elementIds = new Set([...candidates.map(([id]) => id), ...openByElement.keys()])
  const changed: IncidentDocument[] = []
  for (const id of elementIds) {
    const group = byElement.get(id) ?? []
    const known = openByElement.get(id)
    const place = known ?? (await placeOf(stores, parts.inventory, group[0]))
    if (place === undefined) continue
    const services = (await parts.inventory.on(stores.region, id)).length
    const element = { id, kind: place.elementKind, site: place.site, services, issues: group }
    const incident = assessElement(parts.rule, element, known, parts.now, explained.has(id))
    if (incident === undefined) continue
    await saveIncident(stores, incident, parts.keepDays)
    changed.push(incident)
  }
  return changed
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
