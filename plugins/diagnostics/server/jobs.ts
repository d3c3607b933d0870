import { pushIncident } from './issues/incident-feed.ts'
import { watchIncidents } from './issues/incident-watch.ts'
import { SilenceWatch } from './issues/silence.ts'
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
    // Side by side: a region with much to do must not keep the others waiting. All have ended before the next round.
    const runs = await Promise.allSettled(processors.map((processor) => processor.run(signal)))
    const failures = runs.flatMap((run) => (run.status === 'rejected' ? [run.reason as unknown] : []))
    if (failures.length > 0)
      throw new AggregateError(failures, `Samples of ${failures.length} regions could not be followed`)
  })
  const silence = new SilenceWatch(settings.staleMs)
  context.jobs.every('watch-incidents', 10_000, async () => {
    for (const region of context.data.regions) {
      const changed = await watchIncidents(services.stores(region), {
        inventory: services.inventory,
        silence,
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
        await services.focus.watch(
          region,
          records.filter((record) => record.status === 'active'),
        )
      }
    }
  })
}
