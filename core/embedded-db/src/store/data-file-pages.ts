import { readSync } from 'node:fs'

/** The layout of LMDB's pages and nodes (mdb.c: MDB_page_header, MDB_node). */
const Page = { flags: 18, lower: 20, header: 24 } as const
const Node = { low: 0, flags: 4, keySize: 6, key: 8 } as const
const BRANCH = 0x01
const LEAF = 0x02
const BIG_DATA = 0x01
const NO_PAGE = 0xffff_ffff_ffff_ffffn

interface Trees {
  pageSize: number
  /** Bytes of the file. */
  size: number
  roots: readonly bigint[]
}

/**
 * The highest page that the trees refer to, found by walking them; at the first page outside the file that page.
 * @throws Error for a page that is of no tree
 */
export function lastUsedPage(handle: number, { pageSize, size, roots }: Trees): bigint {
  const pages = BigInt(Math.floor(size / pageSize))
  const page = Buffer.alloc(pageSize)
  const waiting = roots.filter((root) => root !== NO_PAGE)
  let last = 1n
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (number > last) last = number
    if (number >= pages) return last
    readSync(handle, page, 0, pageSize, Number(number) * pageSize)
    const flags = page.readUInt16LE(Page.flags)
    if ((flags & (BRANCH | LEAF)) === 0)
      throw new Error(`page ${number} of the data file is of no tree; restore the folder`)
    for (const node of nodesOf(page)) {
      if (flags & BRANCH) waiting.push(childOf(page, node))
      else if (page.readUInt16LE(node + Node.flags) & BIG_DATA) {
        const end = overflowEnd(page, node)
        if (end > last) last = end
      }
    }
  }
  return last
}

function* nodesOf(page: Buffer): Iterable<number> {
  const count = page.readUInt16LE(Page.lower) >> 1
  for (let i = 0; i < count; i++) yield page.readUInt16LE(Page.header + 2 * i) + Page.header
}

/** A branch keeps the child's number where a leaf has the size of its data and its flags. */
function childOf(page: Buffer, node: number): bigint {
  return BigInt(page.readUInt32LE(node + Node.low)) + (BigInt(page.readUInt16LE(node + Node.flags)) << 32n)
}

/** The last of the pages that a large value takes: after the key stands the number of the first. */
function overflowEnd(page: Buffer, node: number): bigint {
  const dataSize = page.readUInt32LE(node + Node.low)
  const first = page.readBigUInt64LE(node + Node.key + page.readUInt16LE(node + Node.keySize))
  return first + BigInt(Math.floor((Page.header - 1 + dataSize) / page.length))
}
