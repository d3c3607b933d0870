import { Problem } from '@dcesop/sdk-plugin'
import { requireMatch } from '@dcesop/sdk-plugin/http'
import { type Envelope, signEnvelope } from '@dcesop/sdk-plugin/signing'
import type { Connection } from 'mongoose'
import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto'
import { durable } from '../../data/durable.ts'
import type { Clock } from '../../ports.ts'
import { because, type Reason } from '../journal/reasons.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'

/** A person's part in an order. */
export interface Act {
  readonly by: string
  readonly at: Date
  readonly reason?: string
}

/** `proposed` and `releasing` wait for a second administrator; `active` is in force, and `releasing` is still. */
export type OrderState = 'proposed' | 'active' | 'releasing' | 'released'

export interface KillOrder {
  readonly _id: string
  readonly plugin: string
  /** Null: every version. */
  readonly version: string | null
  readonly state: OrderState
  readonly proposal: Act
  readonly confirmation: Act | null
  readonly releaseProposal: Act | null
  readonly releaseConfirmation: Act | null
  /** What two people ordered, signed by the host that carried it out; one for each confirmation. */
  readonly records: readonly Envelope[]
}

const killRecordType = 'application/vnd.dcesop.kill-order+json'

const inForce: readonly OrderState[] = ['active', 'releasing']
const patienceMs = 24 * 3_600_000

/** Orders by two administrators that a plugin, or one version of it, must not run. In the host's own database: no registry is asked. */
export class KillSwitch {
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #key: KeyObject

  /** @param key private key of this host */
  constructor(connection: Connection, clock: Clock, key: KeyObject) {
    this.#connection = connection
    this.#clock = clock
    this.#key = key
  }

  /** PEM of the key that signs the records. */
  get publicKey(): string {
    return createPublicKey(this.#key).export({ type: 'spki', format: 'pem' }).toString()
  }

  get #orders() {
    return this.#connection.collection<KillOrder>('kill_orders', durable)
  }

  async prepare(): Promise<void> {
    await this.#orders.createIndex({ plugin: 1, state: 1 })
  }

  /** Newest first. */
  list(): Promise<KillOrder[]> {
    return this.#orders.find({}, { sort: { 'proposal.at': -1 }, limit: 200 }).toArray() as Promise<KillOrder[]>
  }

  async propose(by: string, wish: { plugin: string; version: string | null; reason: string }): Promise<KillOrder> {
    const { plugin, version, reason } = wish
    const order: KillOrder = {
      _id: randomUUID(),
      plugin,
      version,
      state: 'proposed',
      proposal: { by, at: this.#clock.now(), reason },
      confirmation: null,
      releaseProposal: null,
      releaseConfirmation: null,
      records: [],
    }
    await this.#orders.insertOne(order)
    return order
  }

  /** @throws Problem 404, 409 unless the order is in force */
  async proposeRelease(by: string, id: string, reason: string): Promise<KillOrder> {
    const releaseProposal = { by, at: this.#clock.now(), reason }
    return this.#advance(id, ['active'], { state: 'releasing', releaseProposal })
  }

  /**
   * A second administrator confirms what waits: the order, or its release.
   * @param ifMatch the state that was seen, as a tag: it says which of the two is meant; without one, whichever waits
   * @throws Problem 403 `second_person_required`, 404, 412 when the order is in another state, 409 when nothing waits or it waited for more than a day
   */
  async confirm(by: string, id: string, ifMatch?: string): Promise<KillOrder> {
    const order = await this.#find(id)
    // Who wants a stop must not end it, since another one proposed that meanwhile.
    requireMatch(ifMatch, order.state, `Order ${id} is ${order.state} by now.`)
    const waiting =
      order.state === 'proposed' ? order.proposal : order.state === 'releasing' ? order.releaseProposal : null
    if (!waiting) throw new Problem(409, 'conflict', `Order ${id} is ${order.state}; nothing waits for a confirmation.`)
    if (waiting.by === by)
      throw new Problem(403, 'second_person_required', 'Another administrator than who proposed it confirms.')
    const now = this.#clock.now()
    if (now.getTime() - waiting.at.getTime() > patienceMs)
      throw new Problem(409, 'conflict', `What waits was proposed at ${waiting.at.toISOString()}; propose it again.`)
    const [state, change] =
      order.state === 'proposed'
        ? (['active', { confirmation: { by, at: now } }] as const)
        : (['released', { releaseConfirmation: { by, at: now } }] as const)
    const record = this.#sign({ ...order, ...change, state })
    return this.#advance(id, [order.state], { state, ...change, records: [...order.records, record] })
  }

  /** Whether any order is in force. */
  async isUsed(): Promise<boolean> {
    return (await this.#orders.findOne({ state: { $in: [...inForce] } }, { projection: { _id: 1 } })) !== null
  }

  /** Why a package must not run; undefined when no order is about it. */
  async barrierOf(entry: Pick<CatalogueEntry, 'manifest'>): Promise<Reason | undefined> {
    return (await this.barriers())(entry)
  }

  /** The same for any number of packages, by one question: there are few orders. */
  async barriers(): Promise<(entry: Pick<CatalogueEntry, 'manifest'>) => Reason | undefined> {
    const orders = await this.#orders.find({ state: { $in: [...inForce] } }).toArray()
    return ({ manifest: { id, version } }) => {
      const order = orders.find((one) => one.plugin === id && [null, version].includes(one.version))
      return order && reasonOf(order, version)
    }
  }

  async #find(id: string): Promise<KillOrder> {
    const order = (await this.#orders.findOne({ _id: id })) as KillOrder | null
    if (!order) throw new Problem(404, 'not_found', `There is no order ${id}.`)
    return order
  }

  /** Only from the state that was read: of two at the same moment one is told that it came late. */
  async #advance(id: string, from: readonly OrderState[], change: Partial<KillOrder>): Promise<KillOrder> {
    const changed = await this.#orders.findOneAndUpdate(
      { _id: id, state: { $in: [...from] } },
      { $set: change },
      { returnDocument: 'after' },
    )
    if (changed) return changed as KillOrder
    const { state } = await this.#find(id)
    throw new Problem(409, 'conflict', `Order ${id} is ${state}.`)
  }

  #sign({ records: _records, ...order }: KillOrder): Envelope {
    return signEnvelope(killRecordType, Buffer.from(JSON.stringify(order)), [this.#key])
  }
}

function reasonOf({ _id, plugin, version: ordered, proposal, confirmation }: KillOrder, version: string): Reason {
  const act = { plugin, by: proposal.by, second: confirmation?.by ?? '', why: proposal.reason ?? '', order: _id }
  return ordered === null ? because('killed_plugin', act) : because('killed_version', { ...act, version })
}
