import type { Connection } from 'mongoose'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, ReasonedError, together } from '../journal/reasons.ts'
import { sameGeneration } from '../lifecycle/lookup.ts'
import type { Clock } from '../../ports.ts'

/** What one host runs of one plugin. */
export interface Observed {
  /** Serves most regions here. */
  readonly main?: GenerationKey
  readonly canary?: GenerationKey
  /** Regions with a state of their own: their version; null where nothing serves. */
  readonly regions?: Readonly<Record<string, GenerationKey | null>>
  /** Started and waiting for its turn. */
  readonly prepared?: GenerationKey
  readonly failed?: Reason & { readonly generation: GenerationKey }
}

export interface NodeRow {
  readonly node: string
  readonly at: Date
  readonly observed: Readonly<Record<string, Observed>>
}

type NodeDocument = Omit<NodeRow, 'node'> & { _id: string }

const defaultSilenceMs = 10_000
const lookMs = 100
/** How long a change waits for hosts that are alive. */
const patienceMs = 60_000

/** The hosts on this database, each with a row that it renews and that says what it runs. */
export class Nodes {
  readonly id: string
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #silenceMs: number

  /** @param silenceMs a host that has said nothing for this long is taken for gone */
  constructor(connection: Connection, id: string, clock: Clock, silenceMs = defaultSilenceMs) {
    this.#connection = connection
    this.id = id
    this.#clock = clock
    this.#silenceMs = silenceMs
  }

  get #rows() {
    return this.#connection.collection<NodeDocument>('plugin_nodes')
  }

  async beat(observed: NodeRow['observed']): Promise<void> {
    await this.#rows.replaceOne({ _id: this.id }, { at: this.#clock.now(), observed }, { upsert: true })
  }

  async leave(): Promise<void> {
    await this.#rows.deleteOne({ _id: this.id })
  }

  /** Hosts that are alive, this one included once it has said so. */
  async live(): Promise<NodeRow[]> {
    const since = new Date(this.#clock.now().getTime() - this.#silenceMs)
    const found = await this.#rows.find({ at: { $gt: since } }, { sort: { _id: 1 } }).toArray()
    return found.map(({ _id: node, ...row }) => ({ node, ...row }))
  }

  async others(): Promise<NodeRow[]> {
    return (await this.live()).filter(({ node }) => node !== this.id)
  }

  /**
   * Waits until every other host that is alive has started the generation.
   * @throws Error that names a host on which it does not start, or that does not answer
   */
  async prepared(key: GenerationKey): Promise<void> {
    await this.#until(key.plugin, ({ prepared, main }) => isOneOf(key, prepared, main), key)
  }

  /** Waits until every other host that is alive serves the generation. @throws Error as above */
  async served(key: GenerationKey): Promise<void> {
    await this.#until(key.plugin, ({ main }) => isOneOf(key, main), key)
  }

  /**
   * Waits until every other host that is alive has taken over what a region has.
   * @param own version of its own; null for none, undefined where the region has what most have
   * @throws Error as above
   */
  async followed(main: GenerationKey, region: string, own: GenerationKey | null | undefined): Promise<void> {
    const has = ({ regions = {} }: Observed) => {
      const there = regions[region]
      return own && there ? sameGeneration(own, there) : own === there
    }
    await this.#until(main.plugin, has, ...(own ? [own, main] : [main]))
  }

  /** Waits until no other host that is alive runs any of the plugin. @throws Error that names a host that does not answer */
  async stopped(plugin: string): Promise<void> {
    await this.#until(
      plugin,
      ({ main, canary, prepared, regions }) =>
        !main && !canary && !prepared && !Object.values(regions ?? {}).some(Boolean),
    )
  }

  /** @param keys end the wait when one of them has failed on a host */
  async #until(plugin: string, has: (observed: Observed) => boolean, ...keys: readonly GenerationKey[]): Promise<void> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      const open = (await this.others()).filter(({ observed }) => !has(observed[plugin] ?? {}))
      if (open.length === 0) return
      for (const { node, observed } of open) {
        const failed = observed[plugin]?.failed
        if (failed && isOneOf(failed.generation, ...keys))
          throw new ReasonedError(together(' ', because('on_host', { host: node }), failed))
      }
      if (performance.now() > deadline)
        throw new ReasonedError(
          because('hosts_silent', { hosts: open.map(({ node }) => node), seconds: patienceMs / 1000 }),
        )
      await sleep(lookMs)
    }
  }
}

function isOneOf(key: GenerationKey, ...given: readonly (GenerationKey | undefined)[]): boolean {
  return given.some((one) => one !== undefined && sameGeneration(one, key))
}

/** What a host has in a region; undefined where nothing serves. */
export function observedIn({ main, regions = {} }: Observed, region: string): GenerationKey | undefined {
  return Object.hasOwn(regions, region) ? (regions[region] ?? undefined) : main
}
