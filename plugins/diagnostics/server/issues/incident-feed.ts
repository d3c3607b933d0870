import type { RealtimePort, RegionId } from '@dcesop/sdk-plugin'
import { incidentView, type IncidentDocument } from './incident.ts'

const incidentTopic = 'diagnostics.incidents'

/** Key under which a region's incidents are all heard, for boards; a customer's panel listens on its cell or OLT. */
const allIncidents = 'all'

/** Tells boards and the panels of affected customers about an incident. */
export function pushIncident(realtime: RealtimePort, region: RegionId, incident: IncidentDocument): void {
  const payload = incidentView(region, incident)
  for (const key of [allIncidents, ...incident.elementIds]) realtime.publish(incidentTopic, { region, key, payload })
}
