import type { Disposable } from '@dcesop/sdk-plugin'
import type { Assembly } from './assemble.ts'

const everyMs = 3_600_000
const keptDays = 7

/** Forgets events that every consumer had a week to read. */
export function housekeeping({ outbox, parts }: Assembly): Disposable {
  return parts.ports.jobs.schedule({
    plugin: 'core',
    name: 'prune-events',
    everyMs,
    run: () => outbox.prune(new Date(parts.clock.now().getTime() - keptDays * 86_400_000)),
  })
}
