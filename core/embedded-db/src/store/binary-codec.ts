/** Up to so many bytes a loop is faster than a call. */
const SHORT = 48

/** A copy from the memory that LMDB reads every value into; a pooled buffer costs a fifth of one with memory of its own. */
function copied(bytes: Buffer, start: number, end: number): Buffer {
  const size = end - start
  const copy = Buffer.allocUnsafe(size)
  if (size > SHORT) bytes.copy(copy, 0, start, end)
  else for (let i = 0; i < size; i++) copy[i] = bytes[start + i] as number
  return copy
}

let lending = false

/** How LMDB's values become buffers: copies, but for a reader that only looks at each before the next. */
export const valueCodec = {
  encode: (value: Uint8Array): Uint8Array => value,
  decode: (bytes: Buffer): Buffer => (lending ? bytes : copied(bytes, 0, bytes.length)),
}

export const keyCodec = {
  writeKey(key: Uint8Array, target: Uint8Array, start: number): number {
    target.set(key, start)
    return start + key.length
  },
  readKey: copied,
}

/** The next entry with its value lent: the same memory holds another after the next read. */
export function lend<T>(entries: Iterator<T>): IteratorResult<T> {
  lending = true
  try {
    return entries.next() as IteratorResult<T>
  } finally {
    lending = false
  }
}
