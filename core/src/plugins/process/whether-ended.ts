import { setTimeout as sleep } from 'node:timers/promises'

/** Between the end of a process and the news of it, ms. */
const newsMs = 1_000

interface Witness {
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>
  /** Asks the process; rejects when it cannot be asked any more. */
  ask(): Promise<unknown>
}

/** Whether a process that closed a connection has ended or does so in this moment: one that answers afterwards only closed it. */
export function whetherEnded(process: Witness, latestMs = newsMs): Promise<boolean> {
  const latest = sleep(latestMs, false, { ref: false })
  return Promise.race([
    process.ended.then(() => true),
    process.ask().then(
      () => false,
      () => latest,
    ),
    latest,
  ])
}
