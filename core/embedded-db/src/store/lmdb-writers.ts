import type { RootDatabase } from 'lmdb'
import type { HeadRoom } from './head-room.ts'
import { LmdbReader } from './lmdb-reader.ts'
import { Overlay } from './overlay.ts'
import type { Reader, Writer } from './store.ts'

/** For how much more a direct writer makes room at a time. */
const MORE = { entries: 256, bytes: 256 * 1024 }

/** Writes straight into an open LMDB transaction, whose pages may reach the file before its end. */
export class DirectWriter extends LmdbReader implements Writer {
  private readonly room: HeadRoom | undefined
  private readonly weight = { entries: 0, bytes: 0 }
  private readonly ensured = { entries: 0, bytes: 0 }

  constructor(db: RootDatabase<Buffer, Buffer>, room: HeadRoom | undefined) {
    super(db)
    this.room = room
  }

  put(key: Buffer, value: Uint8Array): void {
    this.ensure(key.length + value.length)
    void this.db.put(key, value as Buffer)
  }

  remove(key: Buffer): void {
    this.ensure(key.length)
    void this.db.remove(key)
  }

  adopt(changes: Overlay): void {
    for (const { key, value } of changes.changes()) {
      if (value) this.put(key, value)
      else this.remove(key)
    }
  }

  private ensure(bytes: number): void {
    const { weight, ensured } = this
    weight.entries += 1
    weight.bytes += bytes
    if (weight.entries <= ensured.entries && weight.bytes <= ensured.bytes) return
    ensured.entries = weight.entries + MORE.entries
    ensured.bytes = weight.bytes + MORE.bytes
    this.room?.ensure(ensured.entries, ensured.bytes)
  }
}

/** Gathers a commit in memory, to be stored by LMDB's writer thread. */
export class BufferedWriter extends Overlay implements Writer {
  constructor(base: Reader) {
    super(base, Number.POSITIVE_INFINITY)
  }

  put(key: Buffer, value: Uint8Array): void {
    this.set(key, value)
  }

  remove(key: Buffer): void {
    this.set(key, undefined)
  }
}
