import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { lastUsedPage } from './data-file-pages.ts'

const MAGIC = 0xbeefc0de
/** Where LMDB's two head pages keep what is read here (mdb.c, MDB_meta). */
const Head = { magic: 24, pageSize: 48, freeRoot: 88, mainRoot: 136, lastPage: 144, transaction: 152, bytes: 160 }

/**
 * LMDB maps its file and believes it: other bytes, or an end that is missing, would end the process without a word.
 * @throws Error for a file that is not a whole data file
 */
export function checkDataFile(file: string): void {
  if (!existsSync(file)) return
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    // LMDB makes a new one of an empty file.
    if (size === 0) return
    const first = readHead(handle, 0)
    const pageSize = first?.readUInt32LE(Head.pageSize) ?? 0
    const second = pageSize >= 256 && pageSize <= 65_536 ? readHead(handle, pageSize) : undefined
    if (!first || !second) throw new Error(`${file} is no data file of this database; restore the folder`)
    const newest = transactionOf(first) > transactionOf(second) ? first : second
    const bytesTo = (page: bigint): number => (Number(page) + 1) * pageSize
    if (size >= bytesTo(newest.readBigUInt64LE(Head.lastPage))) return
    // A page at the end that was taken and given back in one transaction is counted, but was never written.
    const roots = [newest.readBigUInt64LE(Head.freeRoot), newest.readBigUInt64LE(Head.mainRoot)]
    const needed = bytesTo(lastUsedPage(handle, { pageSize, size, roots }))
    if (size < needed) throw new Error(`${file} is cut off at ${size} of ${needed} bytes; restore the folder`)
  } finally {
    closeSync(handle)
  }
}

function readHead(handle: number, position: number): Buffer | undefined {
  const head = Buffer.alloc(Head.bytes)
  const whole = readSync(handle, head, 0, Head.bytes, position) === Head.bytes
  return whole && head.readUInt32LE(Head.magic) === MAGIC ? head : undefined
}

function transactionOf(head: Buffer): bigint {
  return head.readBigUInt64LE(Head.transaction)
}
