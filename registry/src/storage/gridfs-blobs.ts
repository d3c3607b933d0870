import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Db, GridFSBucket, type ObjectId } from 'mongodb'
import { type Blobs, type ByteRange } from './blobs.ts'

/** Blobs in GridFS, for several registry processes over one MongoDB; a blob exists once its `files` document does. */
export class GridFsBlobs implements Blobs {
  readonly #db: Db
  readonly #bucket: GridFSBucket

  constructor(db: Db) {
    this.#db = db
    this.#bucket = new GridFSBucket(db, { bucketName: 'blobs', writeConcern: { w: 'majority', journal: true } })
  }

  async put(digest: string, file: string): Promise<void> {
    const files = this.#db.collection('blobs.files')
    const { matchedCount } = await files.updateMany({ filename: digest }, { $set: { uploadDate: new Date() } })
    if (matchedCount === 0) await pipeline(createReadStream(file), this.#bucket.openUploadStream(digest))
    await rm(file)
  }

  async open(digest: string, range?: ByteRange): Promise<Readable> {
    const [found] = await this.#bucket.find({ filename: digest }).limit(1).toArray()
    if (!found) throw new Error(`There is no blob ${digest}.`)
    return this.#bucket.openDownloadStream(found._id, range ? { start: range.from, end: range.to + 1 } : {})
  }

  async *untouchedSince(before: Date): AsyncIterable<string> {
    for await (const { filename } of this.#bucket.find({ uploadDate: { $lt: before } })) yield filename
    await this.#dropUnfinished(before)
  }

  async delete(digest: string): Promise<void> {
    for await (const { _id } of this.#bucket.find({ filename: digest })) await this.#bucket.delete(_id)
  }

  /** Chunks of uploads that a crash cut off: no `files` document names them. An upload's id tells when it began. */
  async #dropUnfinished(before: Date): Promise<void> {
    const chunks = this.#db.collection<{ files_id: ObjectId }>('blobs.chunks')
    for (const id of await chunks.distinct('files_id')) {
      if (id.getTimestamp() >= before || (await this.#bucket.find({ _id: id }).hasNext())) continue
      await chunks.deleteMany({ files_id: id })
    }
  }
}
