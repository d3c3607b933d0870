import { type ApiClient, ApiProblem } from '@dcesop/sdk-plugin/ui'
import type { Incident } from './source.ts'

/** Reports incidents to the host, in the background. A host without the route is asked once and then left alone. */
export function incidentReporter(api: ApiClient): (incident: Incident) => void {
  let supported = true
  return (incident) => {
    // The console shows the developer what the card keeps from the agent.
    console.error(`[${incident.plugin} ${incident.version}] ${incident.phase}: ${incident.message}`)
    if (!supported) return
    const body = { ...incident, message: incident.message.slice(0, 500) }
    api.post('/ui/incidents', body, { background: true }).catch((error: unknown) => {
      if (error instanceof ApiProblem && (error.status === 404 || error.status === 405)) supported = false
    })
  }
}
