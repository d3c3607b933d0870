import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import { createHook } from 'node:async_hooks'
import process from 'node:process'
import { getCallSites } from 'node:util'
import type { GenerationKey } from '../journal/journal.ts'
import { currentAttribution, isPluginSource } from './attribution.ts'

/** What is left of a stopped generation, by kind: how many timers, servers, … */
export type Left = Readonly<Record<string, number>>

/** Resources of Node that outlive the code that made them. */
const kinds: Readonly<Record<string, string>> = {
  Timeout: 'timers',
  TCPWRAP: 'connections',
  PIPEWRAP: 'connections',
  TCPSERVERWRAP: 'servers',
  PIPESERVERWRAP: 'servers',
  UDPWRAP: 'sockets',
  FSEVENTWRAP: 'watchers',
  STATWATCHER: 'watchers',
  PROCESSWRAP: 'processes',
  WORKER: 'workers',
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
  /** By resource. */
  readonly #held = new Map<number, { readonly owner: string; readonly kind: string }>()
  readonly #listeners = new Map<string, Listener[]>()
  readonly #patienceMs: number
  readonly #found: (key: GenerationKey, left: Left) => Promise<void>

  /** @param patienceMs after a stop: connections that are kept alive go by themselves */
  constructor(patienceMs: number, found: (key: GenerationKey, left: Left) => Promise<void>) {
    this.#patienceMs = patienceMs
    this.#found = found
  }

  watch(): Disposable {
    const hook = createHook({
      init: (id, type, _trigger, resource) => {
        const kind = kinds[type]
        if (kind !== undefined) this.#opened(id, kind, resource)
      },
      destroy: (id) => void this.#held.delete(id),
      // There are many, none is a handle, and each would cost.
      trackPromises: false,
    } as Parameters<typeof createHook>[0]).enable()
    const onListener = (event: string | symbol, listener: Listener['listener']) => {
      const owner = ownerNow()
      if (owner === undefined || !isOwnDoing()) return
      // One that listens for each of its requests would else be kept with all that came before.
      const others = (this.#listeners.get(owner) ?? []).filter(isThere)
      this.#listeners.set(owner, [...others, { event, listener }])
    }
    process.on('newListener', onListener)
    return toDisposable(() => {
      hook.disable()
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
      if (Object.keys(left).length > 0) void this.#found(key, left)
    }
    // Of timers that have fired in this turn Node tells at its end.
    setTimeout(() => setImmediate(look), this.#patienceMs).unref()
  }

  #opened(id: number, kind: string, resource: object): void {
    const owner = ownerNow()
    if (owner === undefined) return
    // A timer that fires once ends by itself; of a version that was stopped it shows that its code goes on.
    const once = kind === 'timers' && (resource as { _repeat?: unknown })._repeat === null
    if ((once && this.#running.has(owner)) || !isOwnDoing(kind)) return
    this.#held.set(id, { owner, kind })
  }

  #leftOf(name: string): Left {
    const left: Record<string, number> = {}
    const count = (kind: string) => (left[kind] = (left[kind] ?? 0) + 1)
    for (const { owner, kind } of this.#held.values()) if (owner === name) count(kind)
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
function isOwnDoing(kind?: string): boolean {
  const caller = getCallSites(20).find(
    ({ scriptName }) =>
      scriptName !== '' && !scriptName.startsWith('node:') && !/\/(leftovers|own-timers)\./.test(scriptName),
  )
  // A server opens after its address was looked up, when nobody is on the stack any more; neither host nor drivers open any.
  return caller ? isPluginSource(caller.scriptName) : kind === 'servers'
}
