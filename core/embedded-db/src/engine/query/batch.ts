import type { Interrupt } from '../interrupt.ts'
import type { RawDocument } from '../../bson/types.ts'

const MAX_BATCH_BYTES = 16 * 1024 * 1024

/** The documents of one reply: at most `limit`, and at most 16 MiB unless a single one is larger. */
export class Batch {
  readonly documents: RawDocument[] = []
  readonly limit: number
  /** How long a source that has nothing yet may wait for something (ms). */
  readonly waitMs: number
  private bytes = 0

  constructor(limit: number, waitMs = 0) {
    this.limit = limit
    this.waitMs = waitMs
  }

  get full(): boolean {
    return this.documents.length >= this.limit
  }

  /** Takes the document unless the reply would grow too large. */
  add(document: RawDocument): boolean {
    if (this.documents.length > 0 && this.bytes + document.length > MAX_BATCH_BYTES) return false
    this.documents.push(document)
    this.bytes += document.length + 12
    return true
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
