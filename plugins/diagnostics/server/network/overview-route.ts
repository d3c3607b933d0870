import type { RegionId, RouteDefinition } from '@dcesop/sdk-plugin'
import { incidentView } from '../issues/incident.ts'
import { listIncidents } from '../issues/incident-store.ts'
import { worse, type Level } from '../metrics/evaluate.ts'
import { closed, region } from '../schemas.ts'
import { storesFor, type Services } from '../services.ts'
import type { LatestDocument } from '../series/latest.ts'
import type { Stores } from '../stores.ts'
import { overviewAnswer } from '../answers.ts'

/** Services of one site that are not well now. */
export interface SiteState {
  readonly site: string
  readonly degraded: number
  readonly critical: number
  /** Whether any of the values comes from the simulator. */
  readonly simulated: boolean
}

/** `GET /overview?region=`: open incidents and the sites with unwell services, worst first, for the dashboard's widgets. */
export function overviewRoute(services: Services): RouteDefinition<{ Query: { region: RegionId } }> {
  return {
    method: 'GET',
    path: '/overview',
    summary: 'Open incidents and unwell services by site',
    query: closed({ region }),
    responses: { 200: overviewAnswer },
    async handler(request) {
      const where = request.query.region
      const stores = storesFor(services, request.identity, where)
      const now = services.now()
      const since = new Date(now.getTime() - services.settings.staleMs)
      const [incidents, sites] = await Promise.all([
        listIncidents(stores, { ended: false, limit: 20, begunBy: now }),
        sitesOf(stores, since),
      ])
      return {
        region: where,
        at: now,
        incidents: incidents.map((incident) => incidentView(where, incident)),
        sites: sites.slice(0, 20),
        degraded: sites.reduce((sum, site) => sum + site.degraded, 0),
        critical: sites.reduce((sum, site) => sum + site.critical, 0),
      }
    },
  }
}

/** How bad the values are that are fresh: what was bad when it was last heard of says nothing about now. */
function levelSince({ metrics }: Pick<LatestDocument, 'metrics'>, since: Date): Level {
  const fresh = Object.values(metrics).filter((metric) => metric.at >= since)
  return fresh.reduce<Level>((worst, metric) => worse(worst, metric.detector?.level ?? 'ok'), 'ok')
}

/** Counts by site the services whose newest values are fresh and not well. */
async function sitesOf(stores: Stores, since: Date): Promise<SiteState[]> {
  const unwell = await stores.latest
    .find({ level: { $in: ['degraded', 'critical'] }, at: { $gte: since } })
    .project<Pick<LatestDocument, 'site' | 'metrics'>>({ site: 1, metrics: 1, _id: 0 })
    .toArray()
  const judged = unwell.map((state) => ({ ...state, level: levelSince(state, since) }))
  const bad = judged.filter(({ level }) => level !== 'ok')
  return [...Map.groupBy(bad, (state) => state.site)]
    .map(([site, group]) => {
      const critical = group.filter(({ level }) => level === 'critical').length
      const simulated = group.some((state) => Object.values(state.metrics).some((metric) => metric.simulated))
      return { site, critical, degraded: group.length - critical, simulated }
    })
    .sort((a, b) => b.critical - a.critical || b.degraded - a.degraded || (a.site < b.site ? -1 : 1))
}
