import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { ChildProcess } from 'node:child_process'
import type { Socket as UdpSocket } from 'node:dgram'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { errorMonitor, type EventEmitter } from 'node:events'
import type { Server, Socket } from 'node:net'
import process from 'node:process'
import { getCallSites } from 'node:util'
import type { Worker } from 'node:worker_threads'
import type { GenerationKey } from '../journal/journal.ts'
import { currentAttribution, isPluginSource } from './attribution.ts'
import { type Opened, opened } from './opened.ts'

/** What is left of a stopped generation, by kind: how many timers, servers, … */
export type Left = Readonly<Record<string, number>>

interface Held {
  readonly kind: string
  isThere(): boolean
}

/** Where Node tells of what outlives the code that made it, and how to see whether it is still there. */
const channels: Readonly<Record<string, (message: unknown) => Held>> = {
  'net.client.socket': (message) => {
    const { socket } = message as { socket: Socket }
    return { kind: 'connections', isThere: () => !socket.destroyed }
  },
  'tracing:net.server.listen:asyncStart': (message) => {
    const { server } = message as { server: Server }
    return { kind: 'servers', isThere: untilOne(server, 'close', errorMonitor) }
  },
  'udp.socket': (message) => {
    const { socket } = message as { socket: UdpSocket }
    return { kind: 'sockets', isThere: untilOne(socket, 'close') }
  },
  child_process: (message) => {
    const child = (message as { process: ChildProcess }).process
    return { kind: 'processes', isThere: () => child.exitCode === null && child.signalCode === null }
  },
  worker_threads: (message) => {
    const { worker } = message as { worker: Worker }
    return { kind: 'workers', isThere: () => worker.threadId !== -1 }
  },
}

function untilOne(emitter: EventEmitter, ...events: readonly (string | symbol)[]): () => boolean {
  let open = true
  for (const event of events) emitter.once(event, () => (open = false))
  return () => open
}

interface Listener {
  readonly event: string | symbol
  readonly listener: (...parameters: unknown[]) => void
}

/**
 * Sees what plugins in the host's own process open beside the SDK, and what of it is still there some time after their stop. It
 * keeps the plugin's code in memory, and works on beside the version that came after.
 */
export class Leftovers {
  /** By plugin and version, how many generations run here. */
  readonly #running = new Map<string, number>()
  /** By plugin and version. */
  readonly #held = new Map<string, Held[]>()
  readonly #listeners = new Map<string, Listener[]>()
  readonly #patienceMs: number
  readonly #found: (key: GenerationKey, left: Left) => Promise<void>

  /** @param patienceMs after a stop: connections that are kept alive go by themselves */
  constructor(patienceMs: number, found: (key: GenerationKey, left: Left) => Promise<void>) {
    this.#patienceMs = patienceMs
    this.#found = found
  }

  watch(): Disposable {
    const watched = Object.entries(channels).map(([name, toHeld]) => {
      const onOpened = (message: unknown) => {
        const owner = ownerNow()
        if (owner !== undefined && isOwnDoing()) this.#hold(owner, toHeld(message))
      }
      subscribe(name, onOpened)
      return () => unsubscribe(name, onOpened)
    })
    const onLent = (message: unknown) => {
      const one = message as Opened
      // What ends by itself is no matter; of a version that was stopped it shows that its code goes on.
      if (!one.once || !this.#running.has(one.owner)) this.#hold(one.owner, one)
    }
    opened.subscribe(onLent)
    const onListener = (event: string | symbol, listener: Listener['listener']) => {
      const owner = ownerNow()
      if (owner === undefined || !isOwnDoing()) return
      // One that listens for each of its requests would else be kept with all that came before.
      const others = (this.#listeners.get(owner) ?? []).filter(isThere)
      this.#listeners.set(owner, [...others, { event, listener }])
    }
    process.on('newListener', onListener)
    return toDisposable(() => {
      for (const end of watched) end()
      opened.unsubscribe(onLent)
      process.off('newListener', onListener)
    })
  }

  started(key: GenerationKey): void {
    const name = nameOf(key)
    this.#running.set(name, (this.#running.get(name) ?? 0) + 1)
  }

  /** Looks after the last generation of the version, later: nobody waits for it. */
  stopped(key: GenerationKey): void {
    const name = nameOf(key)
    const others = (this.#running.get(name) ?? 1) - 1
    if (others > 0) return void this.#running.set(name, others)
    this.#running.delete(name)
    const look = () => {
      if (this.#running.has(name)) return
      const left = this.#leftOf(name)
      this.#listeners.delete(name)
      this.#held.delete(name)
      if (Object.keys(left).length > 0) void this.#found(key, left)
    }
    // A timer that fires in this turn is there until its end.
    setTimeout(() => setImmediate(look), this.#patienceMs).unref()
  }

  #hold(owner: string, one: Held): void {
    // One that opens something for each of its requests would else be kept with all that came before.
    this.#held.set(owner, [...(this.#held.get(owner) ?? []).filter((other) => other.isThere()), one])
  }

  #leftOf(name: string): Left {
    const left: Record<string, number> = {}
    const count = (kind: string) => (left[kind] = (left[kind] ?? 0) + 1)
    for (const one of this.#held.get(name) ?? []) if (one.isThere()) count(one.kind)
    for (const one of this.#listeners.get(name) ?? []) if (isThere(one)) count('listeners')
    return left
  }
}

function isThere({ event, listener }: Listener): boolean {
  return process.listeners(event as 'exit').includes(listener)
}

function nameOf({ plugin, version }: Pick<GenerationKey, 'plugin' | 'version'>): string {
  return `${plugin}@${version}`
}

function ownerNow(): string | undefined {
  const attribution = currentAttribution()
  return attribution && nameOf(attribution)
}

/** Whether the plugin itself asked Node for it, and not the host or a driver that works for it. */
function isOwnDoing(): boolean {
  const caller = getCallSites(20).find(
    ({ scriptName }) => scriptName !== '' && !scriptName.startsWith('node:') && !/\/leftovers\./.test(scriptName),
  )
  return caller !== undefined && isPluginSource(caller.scriptName)
}
