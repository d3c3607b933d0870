import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { Log } from '@dcesop/sdk-plugin'

export interface ProcessSpec {
  readonly name: string
  /** TypeScript or JavaScript file, absolute. */
  readonly entry: string
  args(): readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Whether this line of standard output says that the process can serve. */
  isReady(line: string): boolean
  readonly readyTimeoutMs: number
  /** `always` restarts whatever the exit code, `on-failure` lets a clean exit be the end of the work. */
  readonly restart: 'always' | 'on-failure'
}

const exitWithParent = join(import.meta.dirname, 'exit-with-parent.ts')
const firstPauseMs = 200
const longestPauseMs = 30_000
const stopMs = 10_000

/** A child process that ends with us, is started again with growing pauses when it dies, and gets SIGTERM at stop. */
export class SupervisedProcess {
  readonly #spec: ProcessSpec
  readonly #log: Log
  #child: ChildProcess | undefined
  #stopping = false
  #restarts = 0
  #pauseMs = firstPauseMs
  #timer: NodeJS.Timeout | undefined

  constructor(spec: ProcessSpec, log: Log) {
    this.#spec = spec
    this.#log = log
  }

  get restarts(): number {
    return this.#restarts
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves with the ready line (empty when the process ended cleanly without one); tries again until `readyTimeoutMs` has passed. */
  async start(): Promise<string> {
    const deadline = performance.now() + this.#spec.readyTimeoutMs
    for (;;) {
      try {
        return await this.#launch(deadline - performance.now())
      } catch (error) {
        if (this.#stopping || performance.now() + this.#pauseMs > deadline) throw error
        this.#log.warn({ process: this.#spec.name, err: error }, 'child process did not start; trying again')
        await new Promise((resolve) => setTimeout(resolve, this.#nextPause()))
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await ended
    clearTimeout(killer)
  }

  #launch(timeoutMs: number): Promise<string> {
    const { entry, env } = this.#spec
    const child = spawn(process.execPath, ['--import', exitWithParent, entry, ...this.#spec.args()], {
      env,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      // In a group of its own: Ctrl-C of a terminal is not meant for it while we still need it.
      detached: true,
    })
    this.#child = child
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        reject(new Error(`${this.#spec.name} was not ready after ${Math.round(timeoutMs)} ms`))
      }, timeoutMs)
      let ready = false
      const becomeReady = (line: string) => {
        ready = true
        clearTimeout(timer)
        resolve(line)
      }
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        if (!ready && this.#spec.isReady(line)) becomeReady(line)
      })
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        clearTimeout(timer)
        if (ready) this.#exited(code, signal)
        else if (code === 0 && this.#spec.restart === 'on-failure') becomeReady('')
        else reject(new Error(`${this.#spec.name} ended before it was ready (${signal ?? `exit code ${code}`})`))
      })
    })
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping || (code === 0 && this.#spec.restart === 'on-failure')) return
    this.#restarts += 1
    const pause = this.#nextPause()
    this.#log.error({ process: this.#spec.name, code, signal, pause }, 'child process ended; starting it again')
    this.#timer = setTimeout(() => {
      const startedAt = performance.now()
      this.#launch(this.#spec.readyTimeoutMs).then(
        () => {
          this.#pauseMs = performance.now() - startedAt < longestPauseMs ? firstPauseMs : this.#pauseMs
        },
        (error: unknown) => {
          this.#log.error({ process: this.#spec.name, err: error }, 'child process did not come back')
          this.#exited(1, null)
        },
      )
    }, pause)
  }

  #nextPause(): number {
    const pause = this.#pauseMs
    this.#pauseMs = Math.min(pause * 2, longestPauseMs)
    return pause
  }
}
