import type { Level } from '../metrics/evaluate.ts'

/** A problem of a cell or OLT that many services share: detected from their issues or declared by network operations. */
export interface IncidentDocument {
  readonly _id: string
  readonly origin: 'detected' | 'declared'
  readonly elementKind: 'cell' | 'olt'
  readonly elementIds: readonly string[]
  readonly site: string
  readonly severity: Exclude<Level, 'ok'>
  /** One of the known causes; the message id is `incident.cause.<cause>`. */
  readonly cause: IncidentCause
  readonly startedAt: Date
  readonly updatedAt: Date
  readonly endedAt: Date | null
  /** When service is expected to be back; null while nobody knows. */
  readonly eta: Date | null
  /** Services on the elements when last counted, and how many of them are bad (declared: all). */
  readonly services: number
  readonly affected: number
  readonly simulated: boolean
  readonly expireAt?: Date
}

export const incidentCauses = [
  'unknown',
  'fibre-cut',
  'power-failure',
  'equipment-failure',
  'backhaul-loss',
  'congestion',
  'planned-work',
] as const
export type IncidentCause = (typeof incidentCauses)[number]

/** An incident as routes and the realtime topic `diagnostics.incidents` show it. */
export function incidentView(region: string, incident: IncidentDocument): Record<string, unknown> {
  const { _id, expireAt: _internal, ...shown } = incident
  return { id: _id, region, ...shown, causeId: `incident.cause.${incident.cause}` }
}
