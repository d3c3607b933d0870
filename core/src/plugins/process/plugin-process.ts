import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Duplex, Readable } from 'node:stream'
import type { Log } from '@dcesop/sdk-plugin'
import { because, type Reason } from '../journal/reasons.ts'
import { type Handlers, Peer } from './channel/peer.ts'
import type { ControlGroup, Share } from './control-groups.ts'
import {
  beatMs,
  beatsUntilRest,
  fromChild,
  memoryCheckMs,
  mostMissedBeats,
  mostProcesses,
  type ProcessLimits,
} from './limits.ts'
import { pathOnly, type Sandbox } from './sandbox.ts'
import { usageOf } from './usage.ts'

const runner = join(import.meta.dirname, 'child/main.ts')
const farewellMs = 500
/** In a second. */
const mostOutputBytes = 16_384

export interface ProcessParts {
  readonly sandbox: Sandbox
  readonly group: ControlGroup
  readonly limits: ProcessLimits
  /** Where it may make its socket. */
  readonly folder: string
  readonly handlers: Handlers
  /** Bound to the plugin. */
  readonly log: Log
  now(): Date
  /** With each beat. */
  beat(): void
}

/** A plugin's operating system process: kept within its limits, and killed when it leaves them. */
export class PluginProcess {
  readonly peer: Peer
  /** Resolves with why it ended. */
  readonly ended: Promise<Reason>
  readonly #child: ChildProcess
  readonly #parts: ProcessParts
  readonly #timers: readonly NodeJS.Timeout[]
  #why: Reason | undefined
  #missed = 0
  /** Undefined until its first beat: a process that starts shares the processor equally with the others. */
  #share: Share | undefined

  constructor(parts: ProcessParts) {
    this.#parts = parts
    const { sandbox, group, limits, folder, handlers, log } = parts
    const confined = sandbox.confine(limits, folder, [runner])
    const [command, ...args] = [...group.join, confined.command, ...confined.args] as [string, ...string[]]
    const child = spawn(command, args, {
      env: pathOnly(),
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    this.peer = new Peer(child.stdio[3] as Duplex, handlers, fromChild, {
      // A process that ended closes its channel too, and its end tells more.
      closed: ({ message }) =>
        void setTimeout(() => this.kill(because('process_channel', { detail: message })), farewellMs).unref(),
      failed: (method, error) => log.warn({ err: error, method }, 'a message of the plugin could not be followed'),
    })
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(because('process_not_started', { detail: error.message })))
      child.once('exit', (code, signal) =>
        resolve(this.#why ?? because('process_exited', { how: signal ?? String(code) })),
      )
    })
    void this.ended.then(() => this.#timers.forEach(clearInterval))
    for (const output of [child.stdout, child.stderr]) this.#report(output as Readable)
    this.#timers = [
      setInterval(() => this.#beat(), beatMs).unref(),
      setInterval(() => this.#measure(), memoryCheckMs).unref(),
    ]
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** It is started: from now on others come first. */
  async started(): Promise<void> {
    await this.#parts.group.share('tenth')
    this.#share = 'tenth'
  }

  /** Ends it and everything that it started, now. */
  kill(why: Reason): void {
    this.#why ??= why
    const { pid } = this.#child
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, 'SIGKILL')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    }
  }

  /** Ticks are counted, not time: when this process stands still, so does the count. */
  #beat(): void {
    this.#missed += 1
    if (this.#missed > mostMissedBeats)
      return this.kill(because('process_busy', { seconds: (mostMissedBeats * beatMs) / 1000 }))
    if (this.#missed === beatsUntilRest) this.#setShare('rest')
    this.peer.call('beat', this.#parts.now()).then(
      () => {
        this.#missed = 0
        this.#setShare('tenth')
      },
      // The channel closed, which is told by the end of the process.
      () => undefined,
    )
    this.#parts.beat()
  }

  #setShare(share: Share): void {
    if (this.#share === undefined || this.#share === share) return
    this.#share = share
    this.#parts.group.share(share).catch((error: unknown) => {
      if (this.#child.exitCode === null && this.#child.signalCode === null)
        this.#parts.log.warn({ err: error, share }, 'the share of a plugin in the processor could not be changed')
    })
  }

  #measure(): void {
    const usage = usageOf(this.#child.pid as number)
    if (!usage) return
    const { residentMb } = this.#parts.limits
    if (usage.residentMb > residentMb)
      this.kill(because('process_memory', { usedMb: Math.round(usage.residentMb), mostMb: residentMb }))
    else if (usage.processes > mostProcesses) this.kill(because('process_children', { count: usage.processes }))
  }

  /** What it prints; only so much in a second, the rest is read away so that the plugin does not wait for us. */
  #report(output: Readable): void {
    let left = mostOutputBytes
    const refill = setInterval(() => (left = mostOutputBytes), 1000).unref()
    output.once('close', () => clearInterval(refill))
    output.on('data', (chunk: Buffer) => {
      if (left > 0) this.#parts.log.info({ output: chunk.toString('utf8', 0, left) }, 'plugin wrote to its output')
      left -= chunk.length
    })
  }
}
