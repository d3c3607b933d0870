import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { listedAs } from '../registry/findings.ts'
import type { Registry } from '../registry/registry.ts'
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
  { journal, ports, clock, log }: LifecycleParts,
): OpenReporter | undefined {
  const { http, trust } = registry?.client ?? {}
  const token = registry?.settings.reportToken
  if (!http || !trust || token === undefined) return undefined
  const outbox = new ReportOutbox(ports.data.core, clock)
  const isListed = (digest: string) =>
    trust.present !== undefined && listedAs(digest, trust.present.snapshot) !== undefined
  const reporter = new Reporter({ journal, outbox, http, token, isListed, clock, log })
  return {
    reporter,
    prepare: () => outbox.prepare(),
    start(everyMs = defaultEveryMs) {
      const run = (signal: AbortSignal) => reporter.run(signal)
      const job = ports.jobs.schedule({ plugin: 'core', name: 'report-incidents', everyMs, run })
      return toDisposable(() => job.dispose())
    },
  }
}
