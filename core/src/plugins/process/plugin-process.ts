import { join } from 'node:path'
import type { Log } from '@dcesop/sdk-plugin'
import { because, type Reason } from '../journal/reasons.ts'
import { ChannelGone, type Handlers, Peer } from './channel/peer.ts'
import type { ControlGroup, Share } from './control-groups.ts'
import type { Launched, Launcher } from './launcher/launcher.ts'
import {
  beatMs,
  beatsUntilRest,
  computesMs,
  fromChild,
  memoryCheckMs,
  mostMissedBeats,
  mostProcesses,
  mostSilentBeats,
  type ProcessLimits,
} from './limits.ts'
import type { Times } from './protocol.ts'
import type { Sandbox } from './sandbox.ts'
import { type Usage, usageOf } from './usage.ts'

const runner = join(import.meta.dirname, 'child/main.ts')
const farewellMs = 500

export interface LaunchParts {
  readonly launcher: Launcher
  readonly sandbox: Sandbox
  readonly group: ControlGroup
  readonly limits: ProcessLimits
  /** Where it may make its socket. */
  readonly folder: string
  /** Bound to the plugin. */
  readonly log: Log
}

/** Starts Node with the runner of plugins, within its walls. @throws ReasonedError when it cannot be started */
export function launchRunner({ launcher, sandbox, group, limits, folder, log }: LaunchParts): Promise<Launched> {
  const confined = sandbox.confine(limits, folder, [runner])
  const [command, ...args] = [...group.join, confined.command, ...confined.args] as [string, ...string[]]
  return launcher.launch(command, args, (output) => log.info({ output }, 'plugin wrote to its output'))
}

export interface ProcessParts {
  readonly launched: Launched
  readonly group: ControlGroup
  readonly limits: ProcessLimits
  readonly handlers: Handlers
  /** Bound to the plugin. */
  readonly log: Log
  times(): Times
  /** With each beat. */
  beat(): void
  usage?(pid: number): Usage | undefined
}

/** A plugin's operating system process: kept within its limits, and killed when it leaves them. */
export class PluginProcess {
  readonly peer: Peer
  /** Resolves with why it ended. */
  readonly ended: Promise<Reason>
  readonly #parts: ProcessParts
  readonly #timers: readonly NodeJS.Timeout[]
  #why: Reason | undefined
  #isOver = false
  #missed = 0
  /** Of a processor, as last measured and when it last answered, ms. */
  #spent = Infinity
  #spentAtAnswer = 0
  /** As its group begins. */
  #share: Share = 'rest'
  /** Whether it answered a beat: before, and until it is started, the limit is that of its start. */
  #answers = false
  #isStarted = false

  constructor(parts: ProcessParts) {
    this.#parts = parts
    const { launched, handlers, log } = parts
    this.peer = new Peer(launched.channel, handlers, fromChild, {
      closed: (error) => {
        const kill = () => this.kill(because('process_channel', { detail: error.message }))
        // A process that ended closes its channel too, and its end tells more; what the host does not take is told itself.
        if (error instanceof ChannelGone || 'code' in error) setTimeout(kill, farewellMs).unref()
        else kill()
      },
      failed: (method, error) => log.warn({ err: error, method }, 'a message of the plugin could not be followed'),
    })
    this.ended = launched.exited.then((how) => {
      this.#isOver = true
      this.#timers.forEach(clearInterval)
      return this.#why ?? because('process_exited', { how })
    })
    this.#timers = [
      setInterval(() => this.#beat(), beatMs).unref(),
      setInterval(() => this.#measure(), memoryCheckMs).unref(),
    ]
  }

  get isRunning(): boolean {
    return !this.#isOver
  }

  get pid(): number {
    return this.#parts.launched.pid
  }

  /** Resolves once it has answered. @throws Error when its channel is closed */
  async ask(): Promise<void> {
    await this.peer.call('beat', this.#parts.times())
  }

  async started(): Promise<void> {
    this.#isStarted = true
    this.#share = 'tenth'
    await this.#parts.group.share('tenth')
  }

  /** Ends it and everything that it started, now. */
  kill(why: Reason): void {
    this.#why ??= why
    if (this.#isOver) return
    for (const target of [-this.pid, this.pid]) {
      try {
        process.kill(target, 'SIGKILL')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    }
  }

  /** Ticks are counted, not time: when this process stands still, so does the count. */
  #beat(): void {
    if (this.#answers || this.#isStarted) this.#missed += 1
    // One that gets no processor, as the machine is busy, cannot answer. Where the system does not tell, this is NaN: not less.
    const computes = !(this.#spent - this.#spentAtAnswer < computesMs)
    if (this.#missed > (computes ? mostMissedBeats : mostSilentBeats))
      return this.kill(because('process_busy', { seconds: ((this.#missed - 1) * beatMs) / 1000 }))
    // Others come first while it starts, but on a processor that is never free it would not come to its start.
    if (!this.#isStarted) this.#setShare('equal')
    else if (this.#missed >= beatsUntilRest && computes) this.#setShare('rest')
    this.ask().then(
      () => {
        this.#answers = true
        this.#missed = 0
        this.#spentAtAnswer = this.#spent
        if (this.#isStarted) this.#setShare('tenth')
      },
      // The channel closed, which is told by the end of the process.
      () => undefined,
    )
    this.#parts.beat()
  }

  #setShare(share: Share): void {
    if (this.#share === share) return
    this.#share = share
    this.#parts.group.share(share).catch((error: unknown) => {
      if (!this.#isOver)
        this.#parts.log.warn({ err: error, share }, 'the share of a plugin in the processor could not be changed')
    })
  }

  #measure(): void {
    const { usage: measure = usageOf } = this.#parts
    const usage = measure(this.pid)
    if (!usage) return
    this.#spent = usage.spentMs
    const { residentMb } = this.#parts.limits
    if (usage.residentMb > residentMb)
      this.kill(because('process_memory', { usedMb: Math.round(usage.residentMb), mostMb: residentMb }))
    else if (usage.processes > mostProcesses) this.kill(because('process_children', { count: usage.processes }))
  }
}
