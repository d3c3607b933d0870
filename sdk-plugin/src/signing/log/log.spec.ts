import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { entryHash, entryText, noEntryBefore } from './log-entry.ts'
import { appendLeaf, consistencyProof, emptyFrontier, inclusionProof, leafHash, nodeHash, rootOf } from './merkle.ts'
import { verifyLog } from './verify-log.ts'
import { verifyConsistency, verifyInclusion } from './verify-proof.ts'

/** MTH of RFC 6962, section 2.1, written as it stands there. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest()
  if (leaves.length === 1) return leafHash(leaves[0] as Buffer)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)))
}

function grow(leaves: readonly Buffer[]) {
  const nodes = new Map<string, Buffer>()
  let frontier = emptyFrontier
  for (const leaf of leaves) {
    const grown = appendLeaf(frontier, leafHash(leaf))
    frontier = grown.frontier
    for (const { level, index, hash } of grown.nodes) nodes.set(`${level}:${index}`, hash)
  }
  const read = async (level: number, index: number) => {
    const hash = nodes.get(`${level}:${index}`)
    if (!hash) throw new Error(`no node ${level}:${index}`)
    return hash
  }
  return { root: rootOf(frontier), read }
}

/** Inputs and roots of the tests of Certificate Transparency (RFC 6962's reference implementation). */
const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const knownRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => Buffer.from(`leaf ${index}`))

describe('the Merkle tree', () => {
  it('has the roots of the reference implementation', () => {
    const leaves = known.map((hex) => Buffer.from(hex, 'hex'))
    expect(known.map((_, index) => grow(leaves.slice(0, index + 1)).root.toString('hex'))).toEqual(knownRoots)
    expect(rootOf(emptyFrontier).toString('hex')).toBe(createHash('sha256').digest('hex'))
  })

  it('proves every leaf of every size, and refuses every other leaf, place and size', async () => {
    for (let size = 1; size <= 20; size += 1) {
      const leaves = leavesOf(size)
      const { root, read } = grow(leaves)
      expect(root.equals(treeHash(leaves))).toBe(true)
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(index, size, read)
        const claim = { index, size, leaf: leafHash(leaves[index] as Buffer), proof, root }
        expect(verifyInclusion(claim)).toBe(true)
        expect(verifyInclusion({ ...claim, leaf: leafHash(Buffer.from('other')) })).toBe(false)
        if (size > 1) expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false)
        expect(verifyInclusion({ ...claim, index: size })).toBe(false)
      }
    }
  })

  it('proves that every size begins with every smaller one', async () => {
    const roots = Array.from({ length: 21 }, (_, size) => treeHash(leavesOf(size)))
    const { read } = grow(leavesOf(20))
    for (let larger = 0; larger <= 20; larger += 1)
      for (let smaller = 0; smaller <= larger; smaller += 1) {
        const proof = await consistencyProof(smaller, larger, read)
        const claim = {
          smaller,
          larger,
          proof,
          smallerRoot: roots[smaller] as Buffer,
          largerRoot: roots[larger] as Buffer,
        }
        expect(verifyConsistency(claim)).toBe(true)
        if (smaller === 0) continue
        expect(verifyConsistency({ ...claim, smallerRoot: treeHash([Buffer.from('other')]) })).toBe(false)
        expect(verifyConsistency({ ...claim, largerRoot: treeHash([Buffer.from('other')]) })).toBe(false)
      }
  })
})

function logOf(count: number): string[] {
  let prev = noEntryBefore
  return Array.from({ length: count }, (_, seq) => {
    const text = entryText({ seq, at: '2026-01-01T00:00:00.000Z', kind: 'k', subject: 's', actor: 'a', body: {}, prev })
    prev = entryHash(text).toString('hex')
    return text
  })
}

describe('the verifier of the log', () => {
  const entries = logOf(12)

  it('finds the size and root of what it was given', async () => {
    const head = await verifyLog(entries, [])
    expect(head).toEqual({ size: 12, root: treeHash(entries.map((text) => Buffer.from(text))).toString('hex') })
    const old = await verifyLog(entries.slice(0, 5), [])
    expect(await verifyLog(entries, [old, head])).toEqual(head)
  })

  it('notices whatever byte is changed, and any entry that is left out, doubled or swapped', async () => {
    const head = await verifyLog(entries, [])
    await fc.assert(
      fc.asyncProperty(fc.nat(11), fc.nat(300), fc.integer({ min: 32, max: 126 }), async (seq, place, code) => {
        const text = entries[seq] as string
        const at = place % text.length
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
        fc.pre(changed !== text)
        await expect(verifyLog(entries.with(seq, changed), [head])).rejects.toMatchObject({ code: 'log_altered' })
      }),
    )
    for (const wrong of [entries.slice(0, -1), entries.toSpliced(3, 1), entries.toSpliced(3, 0, entries[3] as string)])
      await expect(verifyLog(wrong, [head])).rejects.toMatchObject({ code: 'log_altered' })
  })

  it('notices a history that was rewritten as a whole', async () => {
    const signed = await verifyLog(entries.slice(0, 5), [])
    const rewritten = logOf(12).map((text) => text.replace('"s"', '"t"'))
    let prev = noEntryBefore
    const chained = rewritten.map((text) => {
      const fixed = text.replace(/"prev":"[^"]+"/, `"prev":"${prev}"`)
      prev = entryHash(fixed).toString('hex')
      return fixed
    })
    await expect(verifyLog(chained, [])).resolves.toMatchObject({ size: 12 })
    await expect(verifyLog(chained, [signed])).rejects.toThrow('first 5 entries')
  })
})
