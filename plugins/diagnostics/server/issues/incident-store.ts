import type { Stores } from '../stores.ts'
import type { IncidentDocument } from './incident.ts'

/** Writes an incident in its newest state; an ended one gets the day on which it is forgotten. */
export async function saveIncident(stores: Stores, incident: IncidentDocument, keepDays: number): Promise<void> {
  const { _id, ...rest } = incident
  const expiring = incident.endedAt === null ? rest : { ...rest, expireAt: expiryOf(incident.endedAt, keepDays) }
  await stores.incidents.replaceOne({ _id }, expiring, { upsert: true })
}

/**
 * Changes an incident that is open, and nothing of it that somebody else changes at the same time.
 * @returns the incident after the change; null when it has ended meanwhile or there is none
 */
export async function changeOpenIncident(
  stores: Stores,
  _id: string,
  changes: Partial<IncidentDocument>,
  keepDays: number,
): Promise<IncidentDocument | null> {
  const $set = changes.endedAt ? { ...changes, expireAt: expiryOf(changes.endedAt, keepDays) } : changes
  return stores.incidents.findOneAndUpdate({ _id, endedAt: null }, { $set }, { returnDocument: 'after' })
}

/** Incidents of any of the cells or OLTs that have begun and not ended, worst and oldest first; declared ones before detected ones. */
export async function openIncidentsOn(
  stores: Stores,
  elementIds: readonly string[],
  now: Date,
): Promise<IncidentDocument[]> {
  if (elementIds.length === 0) return []
  const incidents = await stores.incidents
    .find({ elementIds: { $in: [...elementIds] }, endedAt: null, startedAt: { $lte: now } })
    .toArray()
  return incidents.sort(byWeight)
}

/** Incidents of the region that have not ended, or with `ended` those of the past, newest first; works that begin after `begunBy` are left out. */
export async function listIncidents(
  stores: Stores,
  options: { readonly ended: boolean; readonly limit: number; readonly begunBy?: Date },
): Promise<IncidentDocument[]> {
  return stores.incidents
    .find({
      endedAt: options.ended ? { $ne: null } : null,
      ...(options.begunBy === undefined ? {} : { startedAt: { $lte: options.begunBy } }),
    })
    .sort({ startedAt: -1, _id: 1 })
    .limit(options.limit)
    .toArray()
}

const expiryOf = (endedAt: Date, keepDays: number): Date => new Date(endedAt.getTime() + keepDays * 86_400_000)

function byWeight(a: IncidentDocument, b: IncidentDocument): number {
  const weight = (incident: IncidentDocument): number =>
    (incident.severity === 'critical' ? 0 : 2) + (incident.origin === 'declared' ? 0 : 1)
  return weight(a) - weight(b) || a.startedAt.getTime() - b.startedAt.getTime()
}
