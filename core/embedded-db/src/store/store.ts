import type { Overlay } from './overlay.ts'
/** An ordered map of byte keys to byte values with one writer and any number of snapshot readers. */
export interface Reader {
  get(key: Buffer): Buffer | undefined
  /** Entries with `start <= key < end` (or, reversed, from the last below `end` down to `start`), read as the caller advances. */
  range(range: Range): Iterable<Entry>
  /** The number of entries in a range. */
  count(start: Buffer, end: Buffer): number
  /** The key that so many entries of a range precede; undefined when it has no more than these. */
  keyAt(start: Buffer, end: Buffer, entries: number): Buffer | undefined
}

export interface Writer extends Reader {
  put(key: Buffer, value: Uint8Array): void
  remove(key: Buffer): void
  /** Puts and removes what was gathered elsewhere, which may not be used afterwards. */
  adopt(changes: Overlay): void
}

export interface Range {
  start: Buffer
  end: Buffer
  reverse?: boolean
  /** Leave values out, for keys that say everything. */
  keysOnly?: boolean
  /** Each value may be lost when the next entry is read: for a reader that keeps few of them, in copies. */
  lent?: boolean
  /** Also give the keys that this reader's own writes have removed, with the value {@link REMOVED}: of many of them it may rest. */
  removed?: boolean
}

/** The value of a key that is not there any more. */
export const REMOVED: Buffer = Buffer.alloc(0)

export interface Entry {
  key: Buffer
  value: Buffer
}

export interface Snapshot extends Reader {
  release(): void
}

export interface Store extends Reader {
  /** A view that stays as it is now until released. */
  snapshot(): Snapshot
  /**
   * Runs `action` at once and stores what it put as one atomic commit; what it throws undoes all of it. Reads inside see
   * its writes, others see them when the promise resolves. Only one write may be under way.
   */
  write<T>(action: (writer: Writer) => T): Promise<T>
  /** Resolves when what is written is flushed, if it ever is. @throws StoreError when that failed */
  flushed(): Promise<void>
  /** The state that includes the write under way. */
  readonly latest: Pick<Reader, 'get'>
  /** Every write is refused with a {@link StoreError}. */
  readonly readOnly: boolean
  /** Bytes of the store's files. */
  fileSize(): number
  /** Writes a compacted copy into a folder. */
  copyTo(folder: string): Promise<void>
  close(): Promise<void>
}
