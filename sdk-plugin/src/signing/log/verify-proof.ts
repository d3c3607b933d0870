import { nodeHash } from './merkle.ts'

export interface Inclusion {
  readonly index: number
  readonly size: number
  readonly leaf: Buffer
  readonly proof: readonly Buffer[]
  readonly root: Buffer
}

/** Whether a leaf is in the tree with that root, after RFC 9162, section 2.1.3.2. */
export function verifyInclusion({ index, size, leaf, proof, root }: Inclusion): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false
  let [at, last, hash] = [index, size - 1, leaf]
  for (const beside of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(beside, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = nodeHash(hash, beside)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && hash.equals(root)
}

export interface Consistency {
  readonly smaller: number
  readonly smallerRoot: Buffer
  readonly larger: number
  readonly largerRoot: Buffer
  readonly proof: readonly Buffer[]
}

/** Whether the larger tree begins with the smaller one, after RFC 9162, section 2.1.4.2. */
export function verifyConsistency({ smaller, smallerRoot, larger, largerRoot, proof }: Consistency): boolean {
  if (!isCount(smaller) || !isCount(larger) || smaller > larger) return false
  if (smaller === larger) return proof.length === 0 && smallerRoot.equals(largerRoot)
  // Every tree begins with the empty one.
  if (smaller === 0) return proof.length === 0
  const path = Number.isInteger(Math.log2(smaller)) ? [smallerRoot, ...proof] : [...proof]
  const [first, ...rest] = path
  if (!first) return false
  let [at, last] = [smaller - 1, larger - 1]
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  let [small, large] = [first, first]
  for (const beside of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      small = nodeHash(beside, small)
      large = nodeHash(beside, large)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else large = nodeHash(large, beside)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && small.equals(smallerRoot) && large.equals(largerRoot)
}

function half(value: number): number {
  return Math.floor(value / 2)
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
