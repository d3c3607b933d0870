import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '@dcesop/sdk-plugin'

const entry = join(import.meta.dirname, '../../../core/embedded-db/src/main.ts')
const exitWithParent = join(import.meta.dirname, 'exit-with-parent.ts')
const readyLine = /^embedded-db ready on (mongodb:\/\/\S+)$/
const startTriesMs = 60_000
const stopMs = 10_000

/** The embedded database in a process of its own; started again on the same port when it dies. */
export class EmbeddedEngine {
  readonly #directory: string
  readonly #log: Log
  #child: ChildProcess | undefined
  #port = 0
  #stopping = false

  constructor(directory: string, log: Log) {
    this.#directory = directory
    this.#log = log
  }

  /** Resolves with the connection string; tries again while a process that a crash left behind still closes the folder. */
  async start(): Promise<string> {
    const deadline = performance.now() + startTriesMs
    for (let pause = 100; ; pause = Math.min(pause * 2, 2000)) {
      try {
        return await this.#launch()
      } catch (error) {
        if (this.#stopping || performance.now() + pause > deadline) throw error
        this.#log.warn({ err: error }, 'the database did not start; trying again')
        await sleep(pause)
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await ended
    clearTimeout(killer)
  }

  async #launch(): Promise<string> {
    const args = ['--import', exitWithParent, entry, '--port', String(this.#port), '--dir', this.#directory]
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      // In a group of its own: Ctrl-C of a terminal is not meant for it while we still need it.
      detached: true,
    })
    this.#child = child
    const uri = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const found = readyLine.exec(line)?.[1]
        if (found) resolve(found)
      })
      child.once('error', reject)
      child.once('exit', (code, signal) => reject(new Error(`The database ended (${signal ?? `exit code ${code}`}).`)))
    })
    this.#port = Number(new URL(uri).port)
    child.once('exit', (code, signal) => this.#exited(code, signal))
    return uri
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return
    this.#log.error({ code, signal }, 'the database ended; starting it again')
    this.start().catch((err: unknown) => {
      this.#log.error({ err }, 'the database did not come back; the registry ends')
      process.exit(1)
    })
  }
}
