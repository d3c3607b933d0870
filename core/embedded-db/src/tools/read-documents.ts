import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { RawDocument } from '../bson/types.ts'
import { checkDocument } from '../bson/walk.ts'
import { bsonOf } from './ejson-read.ts'

/** Room for the engine's largest document and what mongodump may add. */
const LARGEST_BYTES = 16 * 1024 * 1024 + 16 * 1024
const LARGEST_LINE_BYTES = 256 * 1024 * 1024

/** The bytes of a file, unpacked when its name ends in .gz. */
export function bytesOf(file: string): AsyncIterable<Buffer> {
  const source = createReadStream(file)
  if (!file.endsWith('.gz')) return source
  const unpacked = createGunzip()
  source.on('error', (error) => unpacked.destroy(error))
  return source.pipe(unpacked)
}

/** The documents of a BSON file, one after another. @throws Error with the place of what is no document */
export async function* readBson(file: string): AsyncGenerator<RawDocument> {
  let left: Buffer = Buffer.alloc(0)
  let offset = 0
  for await (const chunk of bytesOf(file)) {
    left = left.length === 0 ? chunk : Buffer.concat([left, chunk])
    let position = 0
    while (left.length - position >= 4) {
      const size = left.readInt32LE(position)
      if (size < 5 || size > LARGEST_BYTES) throw new Error(`${file}: no document at byte ${offset + position}`)
      if (left.length - position < size) break
      const document = Buffer.from(left.subarray(position, position + size))
      try {
        checkDocument(document)
      } catch (error) {
        throw new Error(`${file}: at byte ${offset + position}: ${(error as Error).message}`, { cause: error })
      }
      yield document
      position += size
    }
    offset += position
    left = left.subarray(position)
  }
  if (left.length > 0) throw new Error(`${file}: the last document is cut off at byte ${offset}`)
}

/** The documents of a file with one document in Extended JSON on each line. @throws Error with the line of a mistake */
export async function* readEjson(file: string): AsyncGenerator<RawDocument> {
  let number = 0
  for await (const line of linesOf(file)) {
    number++
    const text = line
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim()
    if (text === '') continue
    if (text.startsWith('[')) throw new Error(`${file}, line ${number}: a JSON array; write one document on each line`)
    try {
      yield bsonOf(text)
    } catch (error) {
      throw new Error(`${file}, line ${number}: ${(error as Error).message}`, { cause: error })
    }
  }
}

/** Lines end with a line feed only: JSON may hold other characters that text readers take for line ends. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of bytesOf(file)) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)])
      parts = []
      size = 0
      start = end + 1
    }
    parts.push(chunk.subarray(start))
    size += chunk.length - start
    if (size > LARGEST_LINE_BYTES) throw new Error(`${file}: a line is longer than any document`)
  }
  yield Buffer.concat(parts)
}
