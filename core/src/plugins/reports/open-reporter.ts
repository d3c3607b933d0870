import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { listedAs } from '../registry/findings.ts'
import type { Registry } from '../registry/registry.ts'
import { ChannelTeller } from './channel-teller.ts'
import { ReportOutbox } from './report-outbox.ts'
import { Reporter } from './reporter.ts'

export interface OpenReporter {
  readonly reporter: Reporter
  prepare(): Promise<void>
  /** Sends until disposed. */
  start(everyMs?: number): Disposable
}

const defaultEveryMs = 15_000

/** Undefined where no registry takes reports from this instance. */
export function openReporter(
  registry: Registry | undefined,
  { journal, desired, ports, clock, log }: LifecycleParts,
): OpenReporter | undefined {
  const { http, trust } = registry?.client ?? {}
  const token = registry?.settings.reportToken
  if (!registry || !http || !trust || token === undefined) return undefined
  const outbox = new ReportOutbox(ports.data.core, clock)
  const isListed = (digest: string) =>
    trust.present !== undefined && listedAs(digest, trust.present.snapshot) !== undefined
  const reporter = new Reporter({ journal, outbox, http, token, isListed, clock, log })
  const { ofInstance } = registry.channels
  const teller = new ChannelTeller({ desired, ofInstance, http, token, clock, log })
  return {
    reporter,
    prepare: () => outbox.prepare(),
    start(everyMs = defaultEveryMs) {
      const run = (signal: AbortSignal) => reporter.run(signal)
      const jobs = [
        ports.jobs.schedule({ plugin: 'core', name: 'report-incidents', everyMs, run }),
        ports.jobs.schedule({ plugin: 'core', name: 'tell-channels', everyMs, run: () => teller.run() }),
      ]
      return toDisposable(async () => {
        for (const job of jobs) await job.dispose()
      })
    },
  }
}
