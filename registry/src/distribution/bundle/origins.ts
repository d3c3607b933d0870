import type { Envelope, LogProof, PackageSignature, Yank } from '@dcesop/sdk-plugin/signing'
import type { ClientSession, Collection } from 'mongodb'
import type { Database } from '../../storage/database.ts'

/** What another registry said of a version that came from it in a bundle. */
export interface OriginDocument {
  /** `name@version`. */
  readonly _id: string
  /** Key id of that registry's root. */
  readonly root: string
  readonly snapshot: number
  readonly logSize: number
  readonly logRoot: string
  readonly log: LogProof
  readonly signatures: readonly PackageSignature[]
  readonly publishedAt: string
  /** Attestations as they were signed there. */
  readonly approvals: readonly { readonly region: string; readonly attestation: Envelope }[]
  /** As it was taken over from there last. */
  readonly yank?: Yank | null
  readonly importedBy: string
  readonly importedAt: string
}

interface OriginState {
  /** Key id of a registry's root. */
  readonly _id: string
  /** Number of the newest snapshot that was imported. */
  readonly snapshot: number
}

/** What is known of other registries. */
export class Origins {
  readonly #versions: Collection<OriginDocument>
  readonly #registries: Collection<OriginState>

  constructor({ db }: Database) {
    this.#versions = db.collection('origins')
    this.#registries = db.collection('origin_registries')
  }

  find(id: string, session?: ClientSession): Promise<OriginDocument | null> {
    return this.#versions.findOne({ _id: id }, session ? { session } : {})
  }

  async keep(origin: OriginDocument, session: ClientSession): Promise<void> {
    await this.#versions.replaceOne({ _id: origin._id }, origin, { upsert: true, session })
  }

  /** Versions that came from a registry. */
  from(root: string): Promise<OriginDocument[]> {
    return this.#versions.find({ root }, { sort: { _id: 1 } }).toArray()
  }

  async keepYank(id: string, yank: Yank | null, session: ClientSession): Promise<void> {
    await this.#versions.updateOne({ _id: id }, { $set: { yank } }, { session })
  }

  async seen(root: string): Promise<number> {
    return (await this.#registries.findOne({ _id: root }))?.snapshot ?? 0
  }

  async saw(root: string, snapshot: number): Promise<void> {
    await this.#registries.updateOne({ _id: root }, { $max: { snapshot } }, { upsert: true })
  }
}
