import type { Log } from '@dcesop/sdk-plugin'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { CheckConfig } from '../../config/config.ts'
import type { CheckId } from '../check-ids.ts'
import type { CheckResult, Submission } from '../check.ts'
import type { PackageFacts } from './facts.ts'
import type { ContentReport, ContentTask, Ending } from './worker.ts'

export interface Judgement {
  /** Undefined for a package that cannot be unpacked. */
  readonly facts: PackageFacts | undefined
  readonly results: readonly CheckResult[]
}

/** Checks of what is inside a package, in workers: hostile contents can neither block the registry nor fill its memory. */
export class ContentChecks {
  readonly #pool: Piscina
  readonly #config: Readonly<Record<string, CheckConfig>>
  readonly #licences: readonly string[]
  readonly #log: Log

  /** @param licences SPDX ids of those that bundled packages may have */
  constructor(config: Readonly<Record<string, CheckConfig>>, licences: readonly string[], log: Log) {
    this.#config = config
    this.#licences = licences
    this.#log = log
    this.#pool = new Piscina({
      filename: join(import.meta.dirname, 'worker.ts'),
      minThreads: 0,
      maxThreads: 2,
      idleTimeout: 300_000,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
  }

  async judge(path: string, submission: Submission): Promise<Judgement> {
    const { port1, port2 } = new MessageChannel()
    const abort = new AbortController()
    let running: CheckId = 'package'
    let timer: NodeJS.Timeout | undefined
    port1.on('message', (begun: CheckId) => {
      running = begun
      clearTimeout(timer)
      timer = setTimeout(() => abort.abort(), this.#config[begun]?.timeLimitMs)
    })
    const task: ContentTask = { path, submission, enabled: this.#enabled(), licences: this.#licences, port: port2 }
    try {
      const options = { transferList: [port2], signal: abort.signal }
      const { facts, endings } = (await this.#pool.run(task, options)) as ContentReport
      return { facts, results: endings.map((ending) => this.#resultOf(ending)) }
    } catch (error) {
      const state = abort.signal.aborted ? 'timed-out' : 'broken'
      this.#log.warn({ err: error, check: running, package: submission.name, state }, 'a check did not end')
      return { facts: undefined, results: [{ check: running, state, enforced: true, findings: [] }] }
    } finally {
      clearTimeout(timer)
      port1.close()
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  #enabled(): CheckId[] {
    return (Object.keys(this.#config) as CheckId[]).filter((id) => this.#config[id]?.enabled)
  }

  #resultOf({ check, findings, error }: Ending): CheckResult {
    // What cannot be unpacked cannot be served, whatever is configured.
    const enforced = check === 'package' || this.#config[check]?.enforced === true
    if (error !== undefined) this.#log.error({ check, error }, 'a check failed by itself')
    const state = error !== undefined ? 'broken' : findings.length > 0 ? 'failed' : 'passed'
    return { check, state, enforced, findings }
  }
}
