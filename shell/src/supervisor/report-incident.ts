import type { ApiClient } from '@dcesop/sdk-plugin/ui'
import type { Incident } from './source.ts'

/** Of a unit, or of the styles of a build in development. */
type Reported = Omit<Incident, 'phase'> & { readonly phase: Incident['phase'] | 'style' }

/** Reports incidents to the host, in the background. */
export function incidentReporter(api: ApiClient): (incident: Reported) => void {
  return (incident) => {
    const name = `[${incident.plugin} ${incident.version}]`
    // The console shows the developer what the card keeps from the agent.
    console.error(`${name} ${incident.phase}: ${incident.message}`)
    const body = { ...incident, message: incident.message.slice(0, 500) }
    api.post('/ui/incidents', body, { background: true }).catch((error: unknown) => {
      console.warn(`${name} incident ${incident.id} was not reported`, error)
    })
  }
}
