import { type Disposable, type Log, toDisposable } from '@dcesop/sdk-plugin'
import type { RangeFollower } from '../registry/follow-ranges.ts'
import type { Registry } from '../registry/registry.ts'
import type { Enforcer } from './enforcer.ts'

const roundMs = 5000

/**
 * Asks the registry at its interval, goes to what is new there and wanted, and enforces what is known every few seconds: a deadline comes without news, and an order of
 * the kill switch may have been given at another node. Each node watches for itself, since each has a state of its own to keep.
 */
export function watchPlugins(
  enforcer: Enforcer,
  ranges: RangeFollower,
  registry: Registry | undefined,
  log: Log,
): Disposable {
  const stops = [
    // A round may wait for a change that takes its time.
    every(roundMs, () => enforcer.refuseKilled(), log),
    every(Math.min(roundMs, registry?.settings.refreshMs ?? roundMs), () => enforcer.run(), log),
    ...(registry
      ? [
          every(
            registry.settings.refreshMs,
            async () => {
              if (await registry.refresh()) await enforcer.run()
              // What bundles brought is newer than what a registry says that is away.
              await ranges.run()
            },
            log,
          ),
        ]
      : []),
  ]
  return toDisposable(async () => void (await Promise.all(stops.map((stop) => stop()))))
}

/** @returns ends it, and waits for a run under way */
function every(ms: number, run: () => Promise<void>, log: Log): () => Promise<void> {
  let timer: NodeJS.Timeout
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  const plan = () => {
    timer = setTimeout(() => {
      running = run()
        .catch((error: unknown) => log.error({ err: error }, 'plugins could not be held against the registry'))
        .then(() => {
          if (!stopped) plan()
        })
    }, ms)
    timer.unref()
  }
  plan()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
