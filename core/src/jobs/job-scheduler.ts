import { type Disposable, type Log, toDisposable } from '@dcesop/sdk-plugin'
import type { Lease, Leases } from './leases.ts'

/** A piece of background work of one plugin. */
export interface Job {
  readonly plugin: string
  readonly name: string
  readonly everyMs: number
  run(signal: AbortSignal): Promise<void>
}

const shortestLeaseMs = 30_000

/** Runs jobs on one node at a time, never a job beside itself. */
export class JobScheduler {
  readonly #leases: Leases
  readonly #log: Log
  readonly #failed: (plugin: string, error: unknown) => void
  readonly #lane: string

  /**
   * @param failed told of every run that threw, to count it against the plugin
   * @param lane part of the leases' names: jobs in different lanes do not exclude each other
   */
  constructor(leases: Leases, log: Log, failed: (plugin: string, error: unknown) => void, lane = '') {
    this.#leases = leases
    this.#log = log
    this.#failed = failed
    this.#lane = lane
  }

  /** The same scheduler for versions that serve some regions only: each of them works for its own. */
  in(regions: readonly string[]): JobScheduler {
    return new JobScheduler(this.#leases, this.#log, this.#failed, `:${regions.join('+')}`)
  }

  /** First run after `everyMs`. Disposing aborts the signal, waits for the run under way and gives the lease back. */
  schedule(job: Job): Disposable {
    const stop = new AbortController()
    let timer: NodeJS.Timeout | undefined
    let running: Promise<void> = Promise.resolve()
    const held: Held = {}
    const plan = () => {
      timer = setTimeout(() => {
        running = this.#once(job, held, stop.signal).then(() => {
          if (!stop.signal.aborted) plan()
        })
      }, job.everyMs)
      timer.unref()
    }
    plan()
    return toDisposable(async () => {
      stop.abort(new Error(`Job "${job.name}" of plugin "${job.plugin}" was stopped.`))
      clearTimeout(timer)
      await running
      if (held.lease) await this.#leases.release(held.lease)
    })
  }

  async #once(job: Job, held: Held, signal: AbortSignal): Promise<void> {
    const { plugin, name } = job
    const report = (error: unknown) => {
      this.#log.error({ err: error, plugin, job: name }, 'job failed')
      this.#failed(plugin, error)
    }
    let renewal: NodeJS.Timeout | undefined
    // A job that does not listen to its signal must not hold its lease for ever.
    const release = () => clearInterval(renewal)
    signal.addEventListener('abort', release, { once: true })
    try {
      await this.#hold(job, held)
      if (!held.lease || signal.aborted) return
      renewal = setInterval(() => void this.#hold(job, held).catch(report), ttlOf(job) / 3)
      await job.run(signal)
    } catch (error) {
      if (!signal.aborted) report(error)
    } finally {
      release()
      signal.removeEventListener('abort', release)
    }
  }

  /** Renews only in the last half of the lease, so that a frequent job does not write for each run. */
  async #hold(job: Job, held: Held): Promise<void> {
    if (this.#leases.leftMs(held.lease) <= ttlOf(job) / 2)
      held.lease = await this.#leases.acquire(`job:${job.plugin}:${job.name}${this.#lane}`, ttlOf(job))
  }
}

interface Held {
  lease?: Lease | undefined
}

function ttlOf(job: Job): number {
  return Math.max(shortestLeaseMs, 3 * job.everyMs)
}
