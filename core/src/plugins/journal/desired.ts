import type { Connection } from 'mongoose'
import { durable } from '../../data/durable.ts'
import { isDuplicateKey } from '../../data/duplicate-key.ts'
import type { CanarySpec } from '../canary/spec.ts'
import { type GenerationKey, StaleToken } from './journal.ts'
import { because, type Reason } from './reasons.ts'

/** Which versions are wanted; the one that is wanted now moves only when somebody asks, when both are left out. */
export interface VersionWish {
  /** semver: the host itself goes to the newest of these that the channel has. */
  readonly range?: string
  /** The least stable channel of the registry that is followed; the instance's when left out. */
  readonly channel?: string
  /** A version of the range that somebody went back from: the host takes newer ones only. */
  readonly skipped?: string
  /** It keeps its version, whatever comes or is asked. */
  readonly pinned?: { readonly reason: string; readonly since: Date }
}

/** What the operator wants of one plugin; what is so is told by the journal. */
export interface DesiredState extends GenerationKey, VersionWish {
  readonly enabled: boolean
  /** Generation that a rollback brings back. */
  readonly previous?: GenerationKey
  /** End of the rollback window: `previous` is given up then. */
  readonly rollbackUntil?: Date
  /** An upgrade or rollback that has not ended: where it came from. */
  readonly pending?: PendingChange
  /** Regions that differ from the rest, while it is enabled. */
  readonly regions?: Readonly<Record<string, RegionalState>>
  /** Dependants that change with it: their own desired states follow when it has taken over. */
  readonly companions?: readonly { readonly from: GenerationKey; readonly to: GenerationKey }[]
  /** Plugins that are enabled or disabled with it, until all are; written first, so that a host that stops in the middle knows. */
  readonly together?: Together
  /** Plugin with which it was stopped; started again with it. */
  readonly stoppedWith?: string
  /** It is being uninstalled. */
  readonly removing?: Reason & { readonly dropData: boolean }
  /** Newest lease under which somebody changes it: what an older one writes is refused. */
  readonly fence?: number
  readonly since: Date
}

export interface Together {
  readonly verb: 'enable' | 'disable'
  /** In the order in which they start or stop. */
  readonly plugins: readonly string[]
  readonly since: Date
}

/** What the operator wants of a plugin in one region. */
export interface RegionalState extends VersionWish {
  readonly enabled: boolean
  /** A version of its own; the rest's when left out. */
  readonly generation?: GenerationKey
  /** What a rollback in the region brings back, and until when. */
  readonly previous?: GenerationKey
  readonly rollbackUntil?: Date
  readonly since: Date
}

export interface PendingChange {
  /** `configure`: the same version with another configuration. */
  readonly verb: 'upgrade' | 'rollback' | 'configure'
  readonly from: GenerationKey
  readonly to: GenerationKey
  /** It runs on the host that makes the change: the others start it beside what they have. */
  readonly prepare?: boolean
  /** The new version serves a cohort first; `startedAt` once it does. */
  readonly canary?: { readonly spec: CanarySpec; readonly startedAt?: Date }
}

/** Of a plugin that is not enabled. */
export function whyDisabled({ stoppedWith }: DesiredState): Reason {
  return stoppedWith === undefined ? because('disabled') : because('disabled_with', { plugin: stoppedWith })
}

type DesiredDocument = Omit<DesiredState, 'plugin'> & { _id: string }

/** Desired states, one document for each installed plugin. */
export class DesiredStates {
  readonly #connection: Connection
  readonly #seen: (state: DesiredState) => void

  /** @param seen told of every state that is read or written */
  constructor(connection: Connection, seen: (state: DesiredState) => void = () => undefined) {
    this.#connection = connection
    this.#seen = seen
  }

  get #documents() {
    return this.#connection.collection<DesiredDocument>('plugin_desired', durable)
  }

  async all(): Promise<DesiredState[]> {
    const states = (await this.#documents.find({}, { sort: { _id: 1 } }).toArray()).map(fromDocument)
    states.forEach(this.#seen)
    return states
  }

  async get(plugin: string): Promise<DesiredState | undefined> {
    const found = await this.#documents.findOne({ _id: plugin })
    return found ? fromDocument(found) : undefined
  }

  /** Of a plugin that is not installed. @throws StaleToken when it is by now */
  async add(state: DesiredState, token: number): Promise<void> {
    const { plugin, ...fields } = state
    try {
      await this.#documents.insertOne({ _id: plugin, ...fields, fence: token })
    } catch (error) {
      throw isDuplicateKey(error) ? new StaleToken(plugin, token) : error
    }
    this.#seen(state)
  }

  /** @throws StaleToken when somebody with a newer lease is at it, or took the plugin out */
  async put(state: DesiredState, token: number): Promise<void> {
    await this.#replace({ _id: state.plugin }, state, token)
  }

  /** Whoever takes a lease does so before reading: then nothing that an older one still writes is lost unseen. */
  async fence(plugin: string, token: number): Promise<void> {
    await this.#documents.updateOne({ _id: plugin }, { $max: { fence: token } })
  }

  /**
   * The state after a change of version, which is still the one under way. One that stood still for longer than its lease may come back
   * after another host has settled it.
   * @throws StaleToken
   */
  async complete(state: DesiredState, { digest, configRevision }: GenerationKey, token: number): Promise<void> {
    const ours = { _id: state.plugin, 'pending.to.digest': digest, 'pending.to.configRevision': configRevision }
    await this.#replace(ours, state, token)
  }

  /** @throws StaleToken */
  async remove(plugin: string, token: number): Promise<void> {
    const { deletedCount } = await this.#documents.deleteOne({ _id: plugin, ...upTo(token) })
    if (deletedCount === 0) throw new StaleToken(plugin, token)
  }

  async #replace(ours: { readonly _id: string }, state: DesiredState, token: number): Promise<void> {
    const { plugin, ...fields } = state
    const { matchedCount } = await this.#documents.replaceOne({ ...ours, ...upTo(token) }, { ...fields, fence: token })
    if (matchedCount === 0) throw new StaleToken(plugin, token)
    this.#seen(state)
  }
}

/** One that was written before there were fences has none. */
const upTo = (token: number) => ({ fence: { $not: { $gt: token } } })

function fromDocument({ _id: plugin, ...fields }: DesiredDocument): DesiredState {
  return { plugin, ...fields }
}
