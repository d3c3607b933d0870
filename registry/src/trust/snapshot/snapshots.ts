import { type Log, Problem } from '@dcesop/sdk-plugin'
import { type Envelope, signSnapshot, type Snapshot } from '@dcesop/sdk-plugin/signing'
import pLimit from 'p-limit'
import type { GovernanceConfig, TrustConfig } from '../../config/config.ts'
import type { Catalogue } from '../../distribution/catalogue/catalogue.ts'
import { advisoriesDigest } from '../../packages/advisories/advisories.ts'
import type { Database } from '../../storage/database.ts'
import type { RegistryKeys } from '../keys/registry-keys.ts'
import type { LoggedState } from '../log/logged-state.ts'
import type { WitnessedLog } from '../log/witnessed-log.ts'
import { publisherKeyCollection } from '../publisher-keys/publisher-key-documents.ts'
import { type SnapshotState, trustCollections } from '../trust-documents.ts'
import { publisherKeys, snapshotPackage } from './snapshot-content.ts'

export interface SnapshotsDeps {
  readonly database: Database
  readonly catalogue: Catalogue
  readonly witnessed: WitnessedLog
  readonly logged: LoggedState
  readonly keys: RegistryKeys
  readonly trust: TrustConfig
  readonly governance: GovernanceConfig
  readonly log: Log
}

export interface IssuedSnapshot {
  readonly envelope: Envelope
  readonly snapshot: Snapshot
}

/** The signed state of the registry: a new one whenever somebody asks after a change, and before the last one expires. */
export class Snapshots {
  readonly #deps: SnapshotsDeps
  #last: (IssuedSnapshot & { readonly keysVersion: number }) | undefined
  readonly #oneByOne = pLimit(1)

  constructor(deps: SnapshotsDeps) {
    this.#deps = deps
  }

  current(): Promise<IssuedSnapshot> {
    return this.#oneByOne(() => this.#present())
  }

  async #present(): Promise<IssuedSnapshot> {
    const { witnessed, keys, trust } = this.#deps
    const head = await witnessed.keptHead()
    const last = this.#last
    const age = last ? Date.now() - Date.parse(last.snapshot.issuedAt) : Infinity
    const unchanged = last?.snapshot.logSize === head.size && last.keysVersion === keys.trusted.list.version
    if (last && unchanged && age >= 0 && age < trust.snapshotRefreshMinutes * 60_000) return last
    try {
      return await this.#issue()
    } catch (error) {
      // What cannot be stored is no reason to give nothing: the last one holds until it expires.
      if (!last || error instanceof Problem || Date.parse(last.snapshot.expires) <= Date.now()) throw error
      this.#deps.log.error({ err: error, snapshot: last.snapshot.number }, 'no new snapshot could be issued')
      return last
    }
  }

  async #issue(): Promise<IssuedSnapshot> {
    const { database, catalogue, witnessed, logged, keys, trust, governance } = this.#deps
    const { packages, head } = await catalogue.current()
    if (head.size > (await witnessed.keptHead()).size)
      throw new Error('The head of the log could not be kept, so that nothing of it is signed.')
    const publishers = await publisherKeyCollection(database).find({ state: 'active' }).toArray()
    const content = {
      packages: Object.fromEntries(
        [...packages].map(([name, versions]) => [name, snapshotPackage(versions, governance.channels)]),
      ),
      // A key that nobody verified by the log is nobody's.
      publishers: publisherKeys(publishers.filter(({ _id }) => logged.isActiveKey(_id))),
      advisories: await advisoriesDigest(database),
      logSize: head.size,
      logRoot: head.root,
    }
    const number = await this.#nextNumber(head.size)
    // Another process issued a snapshot of a later state meanwhile: a higher number must not go with less.
    if (number === undefined) return this.#issue()
    const now = Date.now()
    const times = {
      issuedAt: new Date(now).toISOString(),
      expires: new Date(now + trust.snapshotMinutes * 60_000).toISOString(),
    }
    const snapshot: Snapshot = { number, ...times, ...content }
    const envelope = signSnapshot(snapshot, keys.signer('snapshot'))
    this.#last = { envelope, snapshot, keysVersion: keys.trusted.list.version }
    return this.#last
  }

  /** On the database's journal before anybody sees it: no crash and no second process gives a number twice. */
  async #nextNumber(logSize: number): Promise<number | undefined> {
    const { state } = trustCollections(this.#deps.database)
    await state.updateOne({ _id: 'snapshot' }, { $setOnInsert: { number: 0, logSize: 0 } }, { upsert: true })
    const next = await state.findOneAndUpdate(
      { _id: 'snapshot', logSize: { $lte: logSize } },
      { $inc: { number: 1 }, $set: { logSize } },
      { returnDocument: 'after' },
    )
    return (next as SnapshotState | null)?.number
  }
}
