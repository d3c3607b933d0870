import { mongo, type Connection } from 'mongoose'
import { durable } from '../../data/durable.ts'
import { type OpenedPackage, PackageStore, type StoredPackage } from '../store/package-store.ts'

interface ChunkDocument {
  /** `<digest>/<number, 3 digits>` */
  _id: string
  digest: string
  last: boolean
  data: mongo.Binary
}

const chunkBytes = 4 * 1024 * 1024

/** A package store whose packages the other hosts can have: each tarball lies in the core database too. */
export class SharedStore extends PackageStore {
  readonly #connection: Connection

  constructor(root: string, connection: Connection) {
    super(root)
    this.#connection = connection
  }

  get #chunks() {
    return this.#connection.collection<ChunkDocument>('plugin_tarballs', durable)
  }

  override async put(tarball: Buffer): Promise<StoredPackage> {
    const stored = await super.put(tarball)
    const { digest } = stored
    if (await this.#chunks.findOne({ digest, last: true }, { projection: { _id: 1 } })) return stored
    for (let at = 0, number = 0; at < tarball.length; at += chunkBytes, number += 1) {
      const data = new mongo.Binary(tarball.subarray(at, at + chunkBytes))
      const _id = `${digest}/${String(number).padStart(3, '0')}`
      const last = at + chunkBytes >= tarball.length
      await this.#chunks.replaceOne({ _id }, { digest, last, data }, { upsert: true })
    }
    return stored
  }

  /** A package that another host took in is fetched, and checked like any other. */
  override async open(digest: string, listHash: string): Promise<OpenedPackage> {
    if (!(await this.has(digest))) await this.#fetch(digest)
    return super.open(digest, listHash)
  }

  async #fetch(digest: string): Promise<void> {
    const chunks = await this.#chunks.find({ digest }, { sort: { _id: 1 } }).toArray()
    if (!chunks.at(-1)?.last) return
    await super.put(Buffer.concat(chunks.map(({ data }) => data.buffer)))
  }
}
