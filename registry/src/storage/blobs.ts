import type { Readable } from 'node:stream'

/** Inclusive byte positions. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Where tarballs are kept, each under the hex SHA-512 of its bytes; what was stored never changes. */
export interface Blobs {
  /** Takes the bytes of a file over; once it resolves they survive a crash. The file is gone afterwards. Storing the same bytes again does no harm. */
  put(digest: string, file: string): Promise<void>
  /** @throws Error when there is no such blob: a version that names it is damaged */
  open(digest: string, range?: ByteRange): Promise<Readable>
  /** Digests that nobody stored or stored again since `before`. */
  untouchedSince(before: Date): AsyncIterable<string>
  delete(digest: string): Promise<void>
}
