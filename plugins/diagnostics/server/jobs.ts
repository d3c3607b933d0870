import { pushIncident } from './issues/incident-feed.ts'
import { watchIncidents } from './issues/incident-watch.ts'
import { Processor } from './series/processor.ts'
import type { Services } from './services.ts'
import { telemetryTopic } from './verdict/live-feed.ts'

/** Registers the background work of this generation under the names and rhythms of the manifest. */
export function scheduleJobs(services: Services): void {
  const { context, settings } = services
  const processors = context.data.regions.map(
    (region) =>
      new Processor({
        stores: services.stores(region),
        inventory: services.inventory,
        book: services.book,
        issueDays: settings.retention.issueDays,
        onIssues: (issues) => services.feed.pushIssues(region, issues),
      }),
  )
  context.jobs.every('follow-samples', 1_000, async (signal) => {
    for (const processor of processors) if (!signal.aborted) await processor.run(signal)
  })
  context.jobs.every('watch-incidents', 10_000, async () => {
    for (const region of context.data.regions) {
      const changed = await watchIncidents(services.stores(region), {
        inventory: services.inventory,
        rule: settings.massIncident,
        keepDays: settings.retention.issueDays,
        now: services.now(),
      })
      for (const incident of changed) pushIncident(context.realtime, region, incident)
    }
  })
  context.jobs.every('keep-focus', 20_000, async () => {
    for (const region of context.data.regions) {
      for (const customerId of context.realtime.subscribedKeys(telemetryTopic, region)) {
        const records = (await services.inventory.ofCustomer(region, customerId)) ?? []
        await services.focus.watch(region, records.filter((record) => record.status === 'active'))
      }
    }
  })
}
