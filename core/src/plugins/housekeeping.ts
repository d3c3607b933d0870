import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { Assembly } from './assemble.ts'

const pruneMs = 3_600_000
const keptDays = 7
/** How often versions whose rollback window is over are looked for. */
const defaultWindowsMs = 60_000

/** Forgets events that every consumer had a week to read, and ends rollback windows; each on one node at a time. */
export function housekeeping({ outbox, parts, windows }: Assembly, windowsMs = defaultWindowsMs): Disposable {
  const jobs = [
    parts.ports.jobs.schedule({
      plugin: 'core',
      name: 'prune-events',
      everyMs: pruneMs,
      run: () => outbox.prune(new Date(parts.clock.now().getTime() - keptDays * 86_400_000)),
    }),
    parts.ports.jobs.schedule({
      plugin: 'core',
      name: 'rollback-windows',
      everyMs: windowsMs,
      run: () => windows.endThoseOver(),
    }),
  ]
  return toDisposable(async () => void (await Promise.all(jobs.map((job) => job.dispose()))))
}
