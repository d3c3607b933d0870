import type { ClientSession } from 'mongodb'
import {
  appendLeaf,
  consistencyProof,
  emptyFrontier,
  entryHash,
  entryText,
  type Frontier,
  inclusionProof,
  type LogHead,
  noEntryBefore,
  rootOf,
} from '@dcesop/sdk-plugin/signing'
import type { Database } from '../../storage/database.ts'
import { type LogDocument, type LogState, trustCollections, type TrustCollections } from '../trust-documents.ts'

/** Something to remember; it is in the log exactly when the transaction that did it is. */
export interface LogWish {
  readonly kind: string
  readonly subject: string
  readonly actor: string
  readonly body: Readonly<Record<string, unknown>>
  readonly package?: string
  readonly region?: string
}

/** The append-only log: a hash chain, and a Merkle tree whose nodes are kept so that proofs read a few of them. */
export class TransparencyLog {
  readonly #collections: TrustCollections

  constructor(database: Database) {
    this.#collections = trustCollections(database)
  }

  async prepare(): Promise<void> {
    const { log, state } = this.#collections
    await log.createIndex({ package: 1, _id: 1 })
    await log.createIndex({ subject: 1, _id: 1 })
    await log.createIndex({ region: 1, _id: 1 })
    const empty = { size: 0, peaks: [], last: noEntryBefore }
    await state.updateOne({ _id: 'log' }, { $setOnInsert: empty }, { upsert: true })
  }

  /** Everything that is logged goes through one document, so that changes happen one after the other. */
  async append(wish: LogWish, session: ClientSession): Promise<number> {
    const { log, nodes, state } = this.#collections
    const head = await this.#state(session)
    const { kind, subject, actor, body } = wish
    const text = entryText({
      seq: head.size,
      at: new Date().toISOString(),
      kind,
      subject,
      actor,
      body,
      prev: head.last,
    })
    const leaf = entryHash(text)
    const grown = appendLeaf(frontierOf(head), leaf)
    const { size, peaks } = grown.frontier
    const entry = { _id: head.size, text, kind, subject, package: wish.package ?? null, region: wish.region ?? null }
    await log.insertOne(entry, { session })
    const made = grown.nodes.map(({ level, index, hash }) => ({ _id: `${level}:${index}`, hash: hash.toString('hex') }))
    await nodes.insertMany(made, { session })
    const next = { size, peaks: peaks.map((peak) => peak.toString('hex')), last: leaf.toString('hex') }
    await state.updateOne({ _id: 'log', size: head.size }, { $set: next }, { session })
    return head.size
  }

  async head(session?: ClientSession): Promise<LogHead> {
    const { size, peaks } = frontierOf(await this.#state(session))
    return { size, root: rootOf({ size, peaks }).toString('hex') }
  }

  /** Texts of entries in order. @param before sequence of the first that is not wanted */
  async *texts(from: number, before: number): AsyncGenerator<string> {
    const cursor = this.#collections.log.find({ _id: { $gte: from, $lt: before } }, { projection: { text: 1 } })
    for await (const { text } of cursor.sort({ _id: 1 })) yield text
  }

  /** Entries in order, with what they are found by. */
  rows(from: number, before: number): AsyncIterable<Pick<LogDocument, 'text' | 'kind' | 'subject'>> {
    const projection = { text: 1, kind: 1, subject: 1 } as const
    return this.#collections.log.find({ _id: { $gte: from, $lt: before } }, { projection }).sort({ _id: 1 })
  }

  async find(seq: number): Promise<string | undefined> {
    return (await this.#collections.log.findOne({ _id: seq }))?.text
  }

  /** The oldest entry about something. */
  async first(filter: { subject: string; kind: string }): Promise<string | undefined> {
    const [found] = await this.#collections.log.find(filter).sort({ _id: 1 }).limit(1).toArray()
    return found?.text
  }

  /** Newest first. */
  async history(filter: { package?: string; region?: string; subject?: string }, limit: number): Promise<string[]> {
    const found = await this.#collections.log.find(filter).sort({ _id: -1 }).limit(limit).toArray()
    return found.map(({ text }) => text)
  }

  inclusion(seq: number, size: number): Promise<Buffer[]> {
    return inclusionProof(seq, size, this.#readNode)
  }

  consistency(smaller: number, larger: number): Promise<Buffer[]> {
    return consistencyProof(smaller, larger, this.#readNode)
  }

  readonly #readNode = async (level: number, index: number): Promise<Buffer> => {
    const node = await this.#collections.nodes.findOne({ _id: `${level}:${index}` })
    if (!node) throw new Error(`The log has lost node ${level}:${index} of its tree.`)
    return Buffer.from(node.hash, 'hex')
  }

  async #state(session?: ClientSession): Promise<LogState> {
    const found = await this.#collections.state.findOne({ _id: 'log' }, session ? { session } : {})
    if (!found) throw new Error('The log has lost its head.')
    return found as LogState
  }
}

function frontierOf({ size, peaks }: LogState): Frontier {
  return size === 0 ? emptyFrontier : { size, peaks: peaks.map((peak) => Buffer.from(peak, 'hex')) }
}
