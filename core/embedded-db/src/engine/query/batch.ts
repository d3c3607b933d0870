import { ArrayWriter } from '../../bson/array-writer.ts'
import type { RawDocument } from '../../bson/types.ts'
import type { RawArray } from '../../bson/writer.ts'
import type { Interrupt } from '../interrupt.ts'

const MAX_BATCH_BYTES = 16 * 1024 * 1024
/** Where the client names no size, a reply is kept small enough that its copy to the socket does not hold up others. */
const USUAL_BATCH_BYTES = 4 * 1024 * 1024

/** Takes documents one by one: at most `limit`, and at most 16 MiB, or 4 without a limit, unless a single one is larger. */
export class Batch {
  readonly limit: number
  /** How long a source that has nothing yet may wait for something (ms). */
  readonly waitMs: number
  /** Documents taken. */
  count = 0
  private bytes = 0
  private readonly maxBytes: number
  private readonly keep: (document: RawDocument) => void

  /** `keep` must use the bytes at once: they may be lent. */
  constructor(limit: number, keep: (document: RawDocument) => void, waitMs = 0) {
    this.limit = limit
    this.maxBytes = limit === Number.POSITIVE_INFINITY ? USUAL_BATCH_BYTES : MAX_BATCH_BYTES
    this.keep = keep
    this.waitMs = waitMs
  }

  get full(): boolean {
    return this.count >= this.limit
  }

  /** Takes the document unless the batch would grow too large. */
  add(document: RawDocument): boolean {
    if (this.count > 0 && this.bytes + document.length > this.maxBytes) return false
    this.count++
    this.bytes += document.length + 12
    this.keep(document)
    return true
  }
}

/** The documents of one reply, written while they come, so that the whole is not encoded in one go. */
export class ReplyBatch extends Batch {
  private readonly array: ArrayWriter

  constructor(limit: number, waitMs = 0) {
    const array = new ArrayWriter()
    super(limit, (document) => array.add(document), waitMs)
    this.array = array
  }

  /** The array for the reply; nothing may be added afterwards. */
  finish(): RawArray {
    return this.array.finish()
  }
}

/** Where a cursor's documents come from. */
export interface BatchSource {
  /** Fills the batch; true when nothing is left. */
  fill(batch: Batch, interrupt: Interrupt): Promise<boolean>
  close(): void
}

/** A source over documents that are all at hand. */
export class ListSource implements BatchSource {
  private readonly documents: readonly RawDocument[]
  private position = 0

  constructor(documents: readonly RawDocument[]) {
    this.documents = documents
  }

  fill(batch: Batch): Promise<boolean> {
    while (
      this.position < this.documents.length &&
      !batch.full &&
      batch.add(this.documents[this.position] as RawDocument)
    )
      this.position++
    return Promise.resolve(this.position >= this.documents.length)
  }

  close(): void {
    this.position = this.documents.length
  }
}
