import type { Stores } from '../stores.ts'
import type { IncidentDocument } from './incident.ts'

/** Writes an incident in its newest state; an ended one gets the day on which it is forgotten. */
export async function saveIncident(stores: Stores, incident: IncidentDocument, keepDays: number): Promise<void> {
  const { _id, ...rest } = incident
  const expiring =
    incident.endedAt === null
      ? rest
      : { ...rest, expireAt: new Date(incident.endedAt.getTime() + keepDays * 86_400_000) }
  await stores.incidents.replaceOne({ _id }, expiring, { upsert: true })
}

/** Open incidents of any of the cells or OLTs, worst and oldest first; declared ones before detected ones. */
export async function openIncidentsOn(stores: Stores, elementIds: readonly string[]): Promise<IncidentDocument[]> {
  if (elementIds.length === 0) return []
  const incidents = await stores.incidents.find({ elementIds: { $in: [...elementIds] }, endedAt: null }).toArray()
  return incidents.sort(byWeight)
}

/** Open incidents of the region, or with `ended` also those of the past, newest first. */
export async function listIncidents(
  stores: Stores,
  options: { readonly ended: boolean; readonly limit: number },
): Promise<IncidentDocument[]> {
  return stores.incidents
    .find(options.ended ? { endedAt: { $ne: null } } : { endedAt: null })
    .sort({ startedAt: -1, _id: 1 })
    .limit(options.limit)
    .toArray()
}

function byWeight(a: IncidentDocument, b: IncidentDocument): number {
  const weight = (incident: IncidentDocument): number =>
    (incident.severity === 'critical' ? 0 : 2) + (incident.origin === 'declared' ? 0 : 1)
  return weight(a) - weight(b) || a.startedAt.getTime() - b.startedAt.getTime()
}
