import { randomUUID } from 'node:crypto'
import { notFound, Problem, type RegionId, type RouteDefinition } from '@dcesop/sdk-plugin'
import { clockToleranceMs } from '../config.ts'
import { incidentAnswer, incidentsAnswer } from '../answers.ts'
import { closed, dateTime, id, oneLine, region } from '../schemas.ts'
import { storesFor, type Services } from '../services.ts'
import { incidentCauses, incidentView, type IncidentCause, type IncidentDocument } from './incident.ts'
import { pushIncident } from './incident-feed.ts'
import { changeOpenIncident, listIncidents, saveIncident } from './incident-store.ts'

const cause = { enum: incidentCauses }
const severity = { enum: ['degraded', 'critical'] }
const eta = { anyOf: [dateTime, { type: 'null' }] }
/** A cell or OLT as the inventory names it: its ids may have a path. */
const elementId = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$' }
/** An own id of an incident: a reference behind `nms:`, or a cell or OLT between `auto:` and a time. */
const incidentId = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,123}$' }

/** `GET /incidents?region=`: open incidents of a region, or with `ended=true` past ones. */
export function listIncidentsRoute(
  services: Services,
): RouteDefinition<{ Query: { region: RegionId; ended?: boolean } }> {
  return {
    method: 'GET',
    path: '/incidents',
    summary: 'Mass incidents of a region, detected and declared',
    query: closed({ region, ended: { type: 'boolean' } }, ['ended']),
    responses: { 200: incidentsAnswer },
    async handler(request) {
      const { region: where, ended = false } = request.query
      const incidents = await listIncidents(storesFor(services, request.identity, where), { ended, limit: 200 })
      return { region: where, incidents: incidents.map((incident) => incidentView(where, incident)) }
    },
  }
}

interface Declaration {
  region: RegionId
  elementKind: 'cell' | 'olt'
  elementIds: string[]
  site: string
  severity: IncidentDocument['severity']
  cause: IncidentCause
  startedAt: string
  eta: string | null
  /** The network management system's own number: declaring it again changes the same incident. */
  reference?: string
  simulated?: boolean
}

/** `POST /incidents`: network operations declare that cells or OLTs are affected. */
export function declareIncidentRoute(services: Services): RouteDefinition<{ Payload: Declaration }> {
  return {
    method: 'POST',
    path: '/incidents',
    summary: 'Declares a mass incident on cells or OLTs',
    body: closed(
      {
        region,
        elementKind: { enum: ['cell', 'olt'] },
        elementIds: { type: 'array', items: elementId, minItems: 1, maxItems: 50, uniqueItems: true },
        site: oneLine(80),
        severity,
        cause,
        startedAt: dateTime,
        eta,
        reference: id,
        simulated: { type: 'boolean' },
      },
      ['reference', 'simulated'],
    ),
    responses: { 201: incidentAnswer },
    async handler(request, h) {
      const { region: where, reference = randomUUID(), ...declared } = request.payload
      const stores = storesFor(services, request.identity, where)
      const counts = await Promise.all(declared.elementIds.map((element) => services.inventory.on(where, element)))
      const affected = counts.reduce((sum, ids) => sum + ids.length, 0)
      const now = services.now()
      const incident: IncidentDocument = {
        _id: `nms:${reference}`,
        origin: 'declared',
        ...declared,
        startedAt: beginningOf(declared.startedAt, now),
        eta: declared.eta === null ? null : new Date(declared.eta),
        updatedAt: now,
        endedAt: null,
        services: affected,
        affected,
        simulated: declared.simulated ?? false,
      }
      // Before the change: what cannot be recorded is not done.
      await request.audit({ action: 'incident.declare', region: where, resource: incident._id })
      await saveIncident(stores, incident, services.settings.retention.issueDays)
      // What is planned for later is nobody's trouble yet; screens read it when it has begun.
      if (incident.startedAt <= now) pushIncident(services.context.realtime, where, incident)
      return h.response(incidentView(where, incident)).code(201)
    },
  }
}

/** What begins in a moment by a clock that is ahead begins now. */
function beginningOf(startedAt: string, now: Date): Date {
  const begins = new Date(startedAt)
  return begins > now && begins.getTime() <= now.getTime() + clockToleranceMs ? now : begins
}

interface Change {
  region: RegionId
  severity?: IncidentDocument['severity']
  cause?: IncidentCause
  eta?: string | null
  ended?: true
}

/** `PATCH /incidents/{id}`: new cause, severity or expected end, or that it is over. */
export function changeIncidentRoute(services: Services): RouteDefinition<{ Params: { id: string }; Payload: Change }> {
  return {
    method: 'PATCH',
    path: '/incidents/{id}',
    summary: 'Changes cause, severity or expected end of an incident, or ends it',
    params: closed({ id: incidentId }),
    body: closed({ region, severity, cause, eta, ended: { const: true } }, ['severity', 'cause', 'eta', 'ended']),
    responses: { 200: incidentAnswer },
    async handler(request) {
      const { region: where, ended, eta: expected, ...changes } = request.payload
      const stores = storesFor(services, request.identity, where)
      const now = services.now()
      const change = {
        ...changes,
        ...(expected === undefined ? {} : { eta: expected === null ? null : new Date(expected) }),
        ...(ended === true ? { endedAt: now } : {}),
        updatedAt: now,
      }
      const _id = request.params.id
      if ((await stores.incidents.findOne({ _id })) === null) throw notFound()
      await request.audit({ action: 'incident.change', region: where, resource: _id })
      const incident = await changeOpenIncident(stores, _id, change, services.settings.retention.issueDays)
      if (incident === null) throw new Problem(409, 'incident_ended', 'The incident has ended; declare a new one.')
      if (incident.startedAt <= now) pushIncident(services.context.realtime, where, incident)
      return incidentView(where, incident)
    },
  }
}
