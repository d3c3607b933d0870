import { definePlugin, type PluginContext, type RegionId } from '@dcesop/sdk-plugin'
import type { CustomersDirectory, ServiceChanged } from '@dcesop/sdk-plugin/contracts'
import shippedThresholds from '../data/thresholds.json' with { type: 'json' }
import { settingsFrom, type DiagnosticsConfig } from './config.ts'
import { getDiagnosisRoute, startDiagnosisRoute } from './diagnosis/diagnosis-routes.ts'
import { DiagnosisRunner } from './diagnosis/runner.ts'
import { Focus } from './focus/focus.ts'
import { focusRoute } from './focus/focus-route.ts'
import { guardTopics } from './follow.ts'
import { telemetryRoute } from './ingest/telemetry-route.ts'
import { createIndexes } from './indexes.ts'
import { Inventory } from './inventory/inventory.ts'
import { inventoryRoute } from './inventory/inventory-route.ts'
import { changeIncidentRoute, declareIncidentRoute, listIncidentsRoute } from './issues/incident-routes.ts'
import { endService } from './issues/end-service.ts'
import { issueRoute } from './issues/issue-route.ts'
import { scheduleJobs } from './jobs.ts'
import { ThresholdBook } from './metrics/threshold-rules.ts'
import { overviewRoute } from './network/overview-route.ts'
import { seriesRoute } from './series/series-route.ts'
import type { Services } from './services.ts'
import { openStores, type Stores } from './stores.ts'
import { usageRoute } from './usage/usage-route.ts'
import { LiveFeed } from './verdict/live-feed.ts'
import { liveRoute } from './verdict/live-route.ts'
import { Neighbours } from './verdict/neighbours.ts'

export default definePlugin<DiagnosticsConfig | undefined>({
  async start(context) {
    const services = assemble(context)
    await Promise.all(
      context.data.regions.map((region) => createIndexes(services.stores(region), services.settings.retention)),
    )
    const runner = new DiagnosisRunner(services)
    context.onStop(runner)
    context.route(telemetryRoute(services))
    context.route(inventoryRoute(services))
    context.route(focusRoute(services))
    context.route(liveRoute(services))
    context.route(issueRoute(services))
    context.route(usageRoute(services))
    context.route(seriesRoute(services))
    context.route(startDiagnosisRoute(services, runner))
    context.route(getDiagnosisRoute(services))
    context.route(listIncidentsRoute(services))
    context.route(declareIncidentRoute(services))
    context.route(changeIncidentRoute(services))
    context.route(overviewRoute(services))
    guardTopics(services)
    context.events.subscribe<ServiceChanged>('customers.service-changed/v1', async (event) => {
      const { service } = event.payload
      services.inventory.changed(service)
      if (service.status !== 'terminated') return
      const { issueDays } = services.settings.retention
      await endService(services.stores(service.region), service.id, services.now(), issueDays)
    })
    scheduleJobs(services)
  },
})

/** Composition: everything that routes and jobs share. */
function assemble(context: PluginContext<DiagnosticsConfig | undefined>): Services {
  const settings = settingsFrom(context.config)
  const book = new ThresholdBook(shippedThresholds, { rules: settings.thresholds })
  const inventory = new Inventory(context.capabilities.consume<CustomersDirectory>('customers.directory'))
  const opened = new Map<RegionId, Stores>()
  const stores = (region: RegionId): Stores => {
    const known = opened.get(region) ?? openStores(context.data, region)
    opened.set(region, known)
    return known
  }
  const now = (): Date => context.clock.now()
  const focus = new Focus(stores, () => now().getTime())
  return {
    context,
    log: context.log,
    settings,
    book,
    inventory,
    focus,
    neighbours: new Neighbours({ freshMs: 2 * settings.staleMs, now: () => now().getTime() }),
    feed: new LiveFeed({ realtime: context.realtime, focus, book, stores }),
    stores,
    now,
  }
}
