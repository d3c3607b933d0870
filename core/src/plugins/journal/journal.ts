import type { Connection } from 'mongoose'
import { durable } from '../../data/durable.ts'
import { isDuplicateKey } from '../../data/duplicate-key.ts'
import type { Clock } from '../../ports.ts'
import type { Reason } from './reasons.ts'
import { mayFollow, type State } from './states.ts'

/** (plugin, version, package, configuration), immutable. */
export interface GenerationKey {
  readonly plugin: string
  readonly version: string
  readonly digest: string
  readonly configRevision: string
  /** Revision of the plugin's settings, of which `configRevision` names what came of them; left out when nobody set any. */
  readonly settings?: number
}

/** One transition, as stored. */
export interface JournalRow extends Partial<Reason> {
  /** `<plugin>/<sequence, 10 digits>`: the unique id is what makes two writers of one plugin collide. */
  readonly _id: string
  readonly plugin: string
  readonly sequence: number
  readonly version: string
  readonly digest: string
  readonly configRevision: string
  readonly from: State | null
  readonly to: State
  readonly at: Date
  /** Fencing token of the lease under which the row was written; never falls within a plugin. */
  readonly token: number
  /** Of a package of the registry: what the step relied on. */
  readonly evidence?: object
}

/** A transition that the table does not know: a defect of the host. */
export class IllegalTransition extends Error {
  constructor(key: GenerationKey, from: State | undefined, to: State) {
    super(`Generation ${key.plugin}@${key.version} may not go from ${from ?? 'nothing'} to ${to}.`)
    this.name = 'IllegalTransition'
  }
}

/** Somebody with a newer lease wrote in the meantime: this writer must stop. */
export class StaleToken extends Error {
  readonly plugin: string

  constructor(plugin: string, token: number) {
    super(`The lease ${token} on plugin "${plugin}" is no longer the newest; another node has taken over.`)
    this.name = 'StaleToken'
    this.plugin = plugin
  }
}

/** Every transition of every generation, append-only, majority-written before the step that it announces. */
export class Journal {
  readonly #connection: Connection
  readonly #clock: Clock
  /** By plugin, under the token of `last`. Who wrote since then took the next sequence, so what builds on this by mistake collides. */
  readonly #written = new Map<string, Written>()

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
  }

  get #rows() {
    return this.#connection.collection<JournalRow>('plugin_journal', durable)
  }

  async prepare(): Promise<void> {
    await this.#rows.createIndex({ plugin: 1, sequence: -1 })
    await this.#rows.createIndex({ 'causes.code': 1, at: 1 })
    await this.#rows.createIndex({ plugin: 1, version: 1, digest: 1, configRevision: 1, sequence: -1 })
  }

  /** @throws IllegalTransition, or StaleToken when a newer lease has written */
  async append(key: GenerationKey, to: State, token: number, why?: Reason, evidence?: object): Promise<JournalRow> {
    const { last, states } = await this.#before(key, token)
    const from = states.get(nameOf(key))
    if (last && last.token > token) throw new StaleToken(key.plugin, token)
    if (!mayFollow(from, to)) throw new IllegalTransition(key, from, to)
    const sequence = (last?.sequence ?? 0) + 1
    const _id = `${key.plugin}/${String(sequence).padStart(10, '0')}`
    const row: JournalRow = {
      _id,
      sequence,
      ...pick(key),
      from: from ?? null,
      to,
      at: this.#clock.now(),
      token,
      ...why,
      ...(evidence ? { evidence } : {}),
    }
    try {
      await this.#rows.insertOne(row)
      this.#written.set(key.plugin, { last: row, states: new Map(states).set(nameOf(key), to) })
    } catch (error) {
      this.#written.delete(key.plugin)
      if (isDuplicateKey(error)) throw new StaleToken(key.plugin, token)
      throw error
    }
    return row
  }

  /** Before what is written beside the journal. @throws StaleToken when a newer lease has written */
  async holds(plugin: string, token: number): Promise<void> {
    const last = await this.#last(plugin)
    if (last && last.token > token) throw new StaleToken(plugin, token)
  }

  async state(key: GenerationKey): Promise<State | undefined> {
    return (await this.lastOf(key))?.to
  }

  async lastOf(key: GenerationKey): Promise<JournalRow | undefined> {
    return (await this.#rows.findOne(pick(key), { sort: { sequence: -1 } })) ?? undefined
  }

  /** Newest first. */
  async of(plugin: string, limit = 200): Promise<JournalRow[]> {
    return this.#rows.find({ plugin }, { sort: { sequence: -1 }, limit }).toArray()
  }

  /** The last row of each generation of a plugin. */
  async lastOfEach(plugin: string): Promise<JournalRow[]> {
    const id = { version: '$version', digest: '$digest', configRevision: '$configRevision' }
    const stages = [
      { $match: { plugin } },
      { $sort: { sequence: -1 } },
      { $group: { _id: id, last: { $first: '$$ROOT' } } },
      { $replaceRoot: { newRoot: '$last' } },
    ]
    return this.#rows.aggregate<JournalRow>(stages).toArray()
  }

  /** Of all plugins, the transitions to one of the states for one of the reasons. @param since of the oldest */
  caused(codes: readonly string[], to: readonly State[], since: Date): Promise<JournalRow[]> {
    const filter = { 'causes.code': { $in: [...codes] }, at: { $gte: since }, to: { $in: [...to] } }
    return this.#rows.find(filter, { sort: { at: 1 } }).toArray()
  }

  /** What a row builds on: read once for the rows that are written under one token. */
  async #before(key: GenerationKey, token: number): Promise<Written> {
    const written = this.#written.get(key.plugin)
    if (written?.last?.token === token && written.states.has(nameOf(key))) return written
    const [last, state] = await Promise.all([this.#last(key.plugin), this.state(key)])
    const isNewest = written?.last?._id === last?._id && last?.token === token
    return { last, states: new Map(isNewest ? written?.states : []).set(nameOf(key), state) }
  }

  async #last(plugin: string): Promise<JournalRow | undefined> {
    return (await this.#rows.findOne({ plugin }, { sort: { sequence: -1 } })) ?? undefined
  }
}

interface Written {
  readonly last: JournalRow | undefined
  /** Of the generations that rows under this token were about. */
  readonly states: ReadonlyMap<string, State | undefined>
}

const nameOf = ({ version, digest, configRevision }: GenerationKey) => [version, digest, configRevision].join('/')

function pick({ plugin, version, digest, configRevision }: GenerationKey): GenerationKey {
  return { plugin, version, digest, configRevision }
}
