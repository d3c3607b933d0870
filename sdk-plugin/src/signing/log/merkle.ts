import { createHash } from 'node:crypto'

// Merkle tree of RFC 6962 (SHA-256): leaves and inner nodes are hashed under different prefixes, so that neither passes for the other.

/** Perfect subtrees of a growing tree from left to right, the largest first: all that appending needs. */
export interface Frontier {
  readonly size: number
  readonly peaks: readonly Buffer[]
}

/** A perfect subtree that never changes again: `level` 0 is a leaf, `index` counts from the left on its level. */
export interface TreeNode {
  readonly level: number
  readonly index: number
  readonly hash: Buffer
}

/** Reads the hash of a perfect subtree. */
export type ReadNode = (level: number, index: number) => Promise<Buffer>

export const emptyFrontier: Frontier = { size: 0, peaks: [] }

export function leafHash(data: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(data).digest()
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()
}

/** @returns the grown frontier and the nodes that became final with this leaf */
export function appendLeaf({ size, peaks }: Frontier, leaf: Buffer): { frontier: Frontier; nodes: TreeNode[] } {
  const rest = [...peaks]
  const nodes: TreeNode[] = [{ level: 0, index: size, hash: leaf }]
  let hash = leaf
  // A carry, as in adding one to a binary number: each full pair becomes a node above.
  for (let level = 1, index = size; index % 2 === 1; level += 1) {
    hash = nodeHash(rest.pop() as Buffer, hash)
    index = (index - 1) / 2
    nodes.push({ level, index, hash })
  }
  return { frontier: { size: size + 1, peaks: [...rest, hash] }, nodes }
}

export function rootOf({ peaks }: Frontier): Buffer {
  const [last, ...before] = peaks.toReversed()
  if (!last) return createHash('sha256').digest()
  return before.reduce((right, left) => nodeHash(left, right), last)
}

/** Hashes beside the way from a leaf to the root of the tree of that size, nearest the leaf first. */
export async function inclusionProof(index: number, size: number, read: ReadNode): Promise<Buffer[]> {
  const path = async (from: number, to: number): Promise<Buffer[]> => {
    if (to - from === 1) return []
    const middle = from + splitOf(to - from)
    return index < middle
      ? [...(await path(from, middle)), await rangeHash(middle, to, read)]
      : [...(await path(middle, to)), await rangeHash(from, middle, read)]
  }
  return path(0, size)
}

/** Hashes from which both roots follow, which shows that the larger tree only added to the smaller one. */
export async function consistencyProof(smaller: number, larger: number, read: ReadNode): Promise<Buffer[]> {
  const proof = async (from: number, to: number, whole: boolean): Promise<Buffer[]> => {
    if (smaller === to) return whole ? [] : [await rangeHash(from, to, read)]
    const middle = from + splitOf(to - from)
    return smaller <= middle
      ? [...(await proof(from, middle, whole)), await rangeHash(middle, to, read)]
      : [...(await proof(middle, to, false)), await rangeHash(from, middle, read)]
  }
  return smaller === 0 ? [] : proof(0, larger, true)
}

/** Hash of the leaves `from` … `to - 1`, where `from` is a multiple of the power of two that spans them. */
async function rangeHash(from: number, to: number, read: ReadNode): Promise<Buffer> {
  const length = to - from
  const level = Math.log2(length)
  if (Number.isInteger(level)) return read(level, from / length)
  const middle = from + splitOf(length)
  return nodeHash(await rangeHash(from, middle, read), await rangeHash(middle, to, read))
}

/** The largest power of two below a number above one. */
function splitOf(length: number): number {
  let power = 1
  while (power * 2 < length) power *= 2
  return power
}
