import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { because, ReasonedError } from '../../journal/reasons.ts'
import { pathOnly } from '../path-only.ts'
import type { Order, Told } from './orders.ts'

/** A process that was started. */
export interface Launched {
  readonly pid: number
  /** Its descriptor 3. */
  readonly channel: Socket
  /** How it ended: the signal, or the status. */
  readonly exited: Promise<string>
}

type Hears = (told: Told, handle?: Socket) => void

const program = join(import.meta.dirname, 'main.ts')
const gone = 'the process that starts others is gone'

/**
 * Starts processes from a small one. The host itself would stand still for each start, the longer the more memory it has, and pay for
 * each page that it writes to afterwards: fork(2) marks them all as shared.
 */
export class Launcher {
  #child: ChildProcess | undefined
  #next = 1
  readonly #hears = new Map<number, Hears>()

  /**
   * Starts a command, in a process group of its own. Where the launcher ends, so do its processes that asked for it (prctl(2),
   * PR_SET_PDEATHSIG) or that watch their channel.
   * @param output told what it prints, 16 KiB in a second at most
   * @throws ReasonedError when it cannot be started
   */
  launch(command: string, args: readonly string[], output: (text: string) => void): Promise<Launched> {
    const id = this.#next++
    const launched = Promise.withResolvers<Launched>()
    const exited = Promise.withResolvers<string>()
    const failed = (detail: string) => launched.reject(new ReasonedError(because('process_not_started', { detail })))
    let isHalfOver = false
    this.#hears.set(id, (told, channel) => {
      if ('output' in told) return output(told.output)
      if ('pid' in told && channel) return launched.resolve({ pid: told.pid, channel, exited: exited.promise })
      // It ended before its descriptor could be handed over: the end itself is told next.
      if ('pid' in told) return
      if (isHalfOver || 'failed' in told) this.#hears.delete(id)
      isHalfOver = true
      if ('silent' in told) return
      failed('failed' in told ? told.failed : `it ended at once: ${told.exited}`)
      if ('exited' in told) exited.resolve(told.exited)
    })
    const order: Order = { id, command, args }
    this.#process().send(order, (error) => error && this.#lost())
    return launched.promise
  }

  /** Ends it; nothing that it started outlives it. */
  close(): void {
    const child = this.#child
    this.#lost()
    if (child?.connected) child.disconnect()
  }

  #process(): ChildProcess {
    if (this.#child?.connected) return this.#child
    const child = fork(program, [], { execArgv: [], env: pathOnly(), stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', (told: Told, handle) => this.#hears.get(told.id)?.(told, handle as Socket | undefined))
    for (const event of ['error', 'exit'] as const) child.once(event, () => this.#child === child && this.#lost())
    // The host does not stay for it.
    child.unref()
    child.channel?.unref()
    return (this.#child = child)
  }

  /** What it started is ended with it, and the next order starts another. */
  #lost(): void {
    this.#child = undefined
    const left = [...this.#hears]
    this.#hears.clear()
    for (const [id, hear] of left) hear({ id, exited: gone })
  }
}
