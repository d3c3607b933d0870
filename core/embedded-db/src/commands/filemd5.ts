import { createHash } from 'node:crypto'
import { Binary, Int32 } from 'bson'
import { decode } from '../bson/decode.ts'
import type { RawDocument } from '../bson/types.ts'
import { Batch } from '../engine/query/batch.ts'
import { compileFind } from '../engine/query/open-find.ts'
import { CommandError, notImplemented } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { flag } from './arguments.ts'
import type { Command } from './command.ts'

const CHUNKS_AT_ONCE = 8

/** The bytes of the chunk that comes n-th. @throws CommandError 10040 for another chunk, 50849 for one without bytes */
function chunkBytes(chunk: RawDocument, expected: number): Uint8Array {
  const { n, data } = decode(chunk)
  if (!isNumeric(n) || toNumber(n) !== expected)
    throw new CommandError(10040, 'Location10040', `chunks out of order. expected: ${expected} got: ${String(n)}`)
  if (!(data instanceof Binary))
    throw new CommandError(50849, 'Location50849', 'The element that calls binDataClean() must be type of BinData')
  return data.value()
}

/** The digest of a GridFS file, by which older drivers check what they stored. */
export const filemd5: Command = {
  name: 'filemd5',
  fields: ['filemd5', 'root', 'partialOk', 'md5state'],
  async run(context) {
    const { filemd5: file, root, partialOk } = context.body
    if (flag(partialOk)) throw notImplemented('filemd5 in parts')
    const prefix = typeof root === 'string' && root !== '' ? root : 'fs'
    const collection = context.source.collection(`${context.database}.${prefix}.chunks`)
    const find =
      collection &&
      compileFind({ filter: { files_id: { $eq: file } }, sort: { n: 1 } }).open(collection, context.source).find
    const digest = createHash('md5')
    let chunks = 0
    for (let done = find === undefined; !done;) {
      const batch = new Batch(CHUNKS_AT_ONCE, (chunk) => digest.update(chunkBytes(chunk, chunks++)))
      done = find === undefined || (await find.fill(batch, context.interrupt))
    }
    return { numChunks: new Int32(chunks), md5: digest.digest('hex') }
  },
}
