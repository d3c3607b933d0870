import type { Document } from 'bson'
import { decode } from '../../bson/decode.ts'
import { encode } from '../../bson/raw.ts'
import type { RawDocument } from '../../bson/types.ts'
import type { Interrupt } from '../interrupt.ts'
import { Turns } from '../interrupt.ts'
import type { Batch, BatchSource } from './batch.ts'
import { encodeInTurns, hasLongArray } from './encode-in-turns.ts'
import type { OpenFind } from './open-find.ts'
import { Batch as OneBatch } from './batch.ts'

/** Small batches first, so that a small limit reads little. */
const FIRST_PULL = 16
const FULL_PULL = 256

/** The documents of a find in batches, decoded, for a pipeline that reads `fields` of them, or all. */
export async function* documentsOf(
  find: OpenFind,
  interrupt: Interrupt,
  fields?: ReadonlySet<string>,
): AsyncGenerator<Document[]> {
  try {
    let size = FIRST_PULL
    for (let done = false; !done; size = Math.min(size * 2, FULL_PULL)) {
      const documents: Document[] = []
      done = await find.fill(new OneBatch(size, (bytes) => documents.push(decode(bytes, fields))), interrupt)
      yield documents
    }
  } finally {
    find.close()
  }
}

/** Serves what a pipeline gives as the batches of a cursor. */
export class PipelineSource implements BatchSource {
  private readonly documents: AsyncGenerator<Document, void, void>
  private held: RawDocument | undefined
  private done = false

  constructor(documents: AsyncGenerator<Document, void, void>) {
    this.documents = documents
  }

  async fill(batch: Batch, interrupt: Interrupt): Promise<boolean> {
    const turns = new Turns(interrupt)
    while (!batch.full) {
      const next = this.held ?? (await this.pull(turns))
      this.held = undefined
      if (!next) return true
      if (!batch.add(next)) {
        this.held = next
        return false
      }
      if (turns.over) await turns.next()
    }
    return false
  }

  close(): void {
    this.done = true
    this.documents.return().catch(() => undefined)
  }

  private async pull(turns: Turns): Promise<RawDocument | undefined> {
    if (this.done) return undefined
    const next = await this.documents.next()
    if (next.done) return undefined
    return hasLongArray(next.value) ? encodeInTurns(next.value, turns) : encode(next.value)
  }
}
