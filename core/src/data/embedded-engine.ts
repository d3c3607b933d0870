import type { Log } from '@dcesop/sdk-plugin'
import { join } from 'node:path'
import { SupervisedProcess } from './supervised-process.ts'

const readyLine = /^embedded-db ready on (mongodb:\/\/\S+)$/

/** The embedded engine in a process of its own, on loopback; it keeps its port through restarts, so that the driver finds it again. */
export class EmbeddedEngine {
  readonly #process: SupervisedProcess
  #port = 0

  /** @param directory folder of the engine's files, made when missing */
  constructor(directory: string, log: Log, { readyTimeoutMs = 60_000 } = {}) {
    this.#process = new SupervisedProcess(
      {
        name: 'embedded-db',
        entry: join(import.meta.dirname, '../../embedded-db/src/main.ts'),
        args: () => ['--port', String(this.#port), '--dir', directory],
        env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
        isReady: (line) => readyLine.test(line),
        readyTimeoutMs,
        restart: 'always',
      },
      log,
    )
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Resolves with the connection string. @throws Error when the engine does not come up */
  async start(): Promise<string> {
    const uri = readyLine.exec(await this.#process.start())?.[1]
    if (uri === undefined) throw new Error('The embedded database ended without saying where it listens.')
    this.#port = Number(new URL(uri).port)
    return uri
  }

  async stop(): Promise<void> {
    await this.#process.stop()
  }
}
