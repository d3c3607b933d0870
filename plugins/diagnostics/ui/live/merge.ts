import type { LiveIncident, LiveIssue, LiveMessage, LiveService, LiveTile, LiveView } from './types.ts'

const dayMs = 24 * 3_600_000

/** The view after pushed messages. Health is the server's to judge, so it stays until the next answer. */
export function applyMessages(view: LiveView, messages: readonly LiveMessage[]): LiveView {
  return messages.reduce(applyMessage, view)
}

function applyMessage(view: LiveView, message: LiveMessage): LiveView {
  const serviceId = message.type === 'sample' ? message.serviceId : message.issue.serviceId
  const services = view.services.map((service) => {
    if (service.id !== serviceId) return service
    return message.type === 'sample' ? withTiles(service, message.tiles) : withIssue(service, message.issue)
  })
  return { ...view, services }
}

function withTiles(service: LiveService, changes: Extract<LiveMessage, { type: 'sample' }>['tiles']): LiveService {
  const byMetric = new Map(changes.map((change) => [change.metric, change]))
  const tiles = service.tiles.map((tile): LiveTile => {
    const change = byMetric.get(tile.metric)
    if (change === undefined || isOlder(change.at, tile.at)) return tile
    return { ...tile, ...change, sparkline: withPoint(tile.sparkline, change) }
  })
  return { ...service, tiles, simulated: tiles.some((tile) => tile.simulated === true) }
}

function withPoint(line: LiveTile['sparkline'], { at, value }: { at?: string; value?: number }): LiveTile['sparkline'] {
  if (at === undefined || value === undefined) return line
  const time = Date.parse(at)
  return [...line.filter(([point]) => point > time - dayMs && point < time), [time, value]]
}

function withIssue(service: LiveService, issue: LiveIssue): LiveService {
  const others = service.issues.filter((known) => known.id !== issue.id)
  return { ...service, issues: issue.endedAt === null ? [issue, ...others] : others }
}

/** Open incidents after a push: changed, added, or gone when they ended. */
export function applyIncident(incidents: readonly LiveIncident[], incident: LiveIncident): LiveIncident[] {
  const others = incidents.filter((known) => known.id !== incident.id)
  return incident.endedAt === null ? [incident, ...others] : others
}

function isOlder(candidate: string | undefined, known: string | undefined): boolean {
  return candidate !== undefined && known !== undefined && Date.parse(candidate) < Date.parse(known)
}

/** Whether a push changes a state that the health verdict depends on, so that it must be asked again. */
export function changesState(view: LiveView, message: LiveMessage): boolean {
  if (message.type === 'issue') return true
  const service = view.services.find(({ id }) => id === message.serviceId)
  return message.tiles.some(
    (change) => service?.tiles.find(({ metric }) => metric === change.metric)?.state !== change.state,
  )
}
