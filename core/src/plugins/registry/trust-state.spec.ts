import {
  appendLeaf,
  emptyFrontier,
  type Envelope,
  type KeyList,
  keyIdOf,
  type ListedKey,
  rootOf,
  signKeyList,
  signSnapshot,
  type Snapshot,
} from '@dcesop/sdk-plugin/signing'
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistrySettings } from './settings.ts'
import { TrustState } from './trust-state.ts'

const hour = 3_600_000
const root = generateKeyPairSync('ed25519').privateKey
const snapshotKeys = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
const [first, second] = snapshotKeys as [KeyObject, KeyObject]
const act = 'act' as const
const settings: RegistrySettings = {
  url: 'https://registry.example.net',
  roots: new Map([[keyIdOf(root), createPublicKey(root)]]),
  regions: ['br'],
  channel: 'stable',
  refreshMs: 60_000,
  bundleMaxAgeDays: 30,
  react: { security: act, legal: act, defect: act, withdrawn: act, flagged: act, unapproved: act },
}
const begin = Date.parse('2026-03-01T00:00:00Z')
const iso = (ms: number) => new Date(begin + ms).toISOString()
let now = begin
const clock = { now: () => new Date(now) }
let folder: string
let file: string
beforeEach(async () => {
  now = begin
  folder = await mkdtemp(join(tmpdir(), 'dcesop-trust-'))
  file = join(folder, 'registry', 'trust.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function keys(version: number, { revoked = [] as KeyObject[], signer = root } = {}): Envelope {
  const listed = snapshotKeys.map((key): ListedKey => {
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
    return { keyid: keyIdOf(key), role: 'snapshot', spki, from: iso(-hour), until: null }
  })
  const list: KeyList = {
    version,
    issuedAt: iso(-hour),
    expires: iso(10_000 * hour),
    keys: listed,
    revoked: revoked.map((key) => ({ keyid: keyIdOf(key), at: iso(0), reason: 'stolen' })),
  }
  return signKeyList(list, signer)
}
function snapshot(number: number, { at = 0, signer = first, logRoot = '' } = {}): Envelope {
  const content: Snapshot = {
    number,
    issuedAt: iso(at),
    expires: iso(at + hour),
    packages: {},
    publishers: {},
    advisories: '',
    logSize: number,
    logRoot,
  }
  return signSnapshot(content, signer)
}
const open = () => TrustState.open(file, settings, clock)

it('believes newer states and the same again, never an older one, and remembers that', async () => {
  const trust = await open()
  expect(() => trust.fresh()).toThrow('No snapshot')
  await trust.accept({ keys: keys(3), snapshot: snapshot(7) }, 'registry')
  await trust.accept({ keys: keys(3), snapshot: snapshot(7) }, 'registry')
  expect(trust.fresh().snapshot.number).toBe(7)
  const again = await open()
  expect(again.present?.snapshot.number).toBe(7)
  for (const older of [
    { keys: keys(3), snapshot: snapshot(6) },
    { keys: keys(2), snapshot: snapshot(8) },
  ])
    await expect(again.accept(older, 'registry')).rejects.toMatchObject({ code: 'rolled_back' })
  expect(again.present?.snapshot.number).toBe(7)
})

it('believes nothing that other keys signed', async () => {
  const trust = await open()
  const eve = generateKeyPairSync('ed25519').privateKey
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  for (const forged of [
    { keys: keys(1, { signer: eve }), snapshot: snapshot(1) },
    { keys: keys(1), snapshot: snapshot(1, { signer: own }) },
  ])
    await expect(trust.accept(forged, 'registry')).rejects.toThrow()
  expect(trust.present).toBeUndefined()
})

it('decides nothing new by an expired state, and tells both times; what is known stays known', async () => {
  const trust = await open()
  await trust.accept({ keys: keys(1), snapshot: snapshot(1) }, 'registry')
  now += 2 * hour
  expect(() => trust.fresh()).toThrow(/good until 2026-03-01T01:00:00.000Z .*clock says 2026-03-01T02:00:00.000Z/)
  await expect(trust.accept({ keys: keys(1), snapshot: snapshot(1) }, 'registry')).rejects.toMatchObject({
    code: 'expired',
  })
  expect(trust.present?.snapshot.number).toBe(1)
  now = begin - 2 * hour
  await expect(trust.accept({ keys: keys(1), snapshot: snapshot(2) }, 'registry')).rejects.toMatchObject({
    code: 'from_the_future',
  })
})

it('counts a revocation although the snapshot beside it is not believed', async () => {
  const trust = await open()
  await trust.accept({ keys: keys(1), snapshot: snapshot(1) }, 'registry')
  const revoking = { keys: keys(2, { revoked: [first] }), snapshot: snapshot(2) }
  await expect(trust.accept(revoking, 'registry')).rejects.toMatchObject({ code: 'key_not_valid' })
  expect(trust.present).toBeUndefined()
  await expect(trust.accept({ keys: keys(1), snapshot: snapshot(2) }, 'registry')).rejects.toMatchObject({
    code: 'rolled_back',
  })
  await trust.accept({ keys: keys(2, { revoked: [first] }), snapshot: snapshot(2, { signer: second }) }, 'registry')
  expect((await open()).present?.snapshot.number).toBe(2)
})

it('asks for a proof that the log only grew, and believes no other history', async () => {
  const leaves = ['a', 'b', 'c'].map((text) => createHash('sha256').update(text).digest())
  const grown = leaves.map((_, size) =>
    leaves.slice(0, size + 1).reduce((tree, leaf) => appendLeaf(tree, leaf).frontier, emptyFrontier),
  )
  const roots = grown.map((tree) => rootOf(tree).toString('hex'))
  const trust = await open()
  await trust.accept({ keys: keys(1), snapshot: snapshot(2, { logRoot: roots[1] as string }) }, 'registry')
  const next = { keys: keys(1), snapshot: snapshot(3, { logRoot: roots[2] as string }) }
  for (const wrong of [[], [leaves[0] as Buffer], [leaves[1] as Buffer, leaves[2] as Buffer]])
    await expect(trust.accept(next, 'registry', async () => wrong)).rejects.toMatchObject({ code: 'log_altered' })
  const asked: number[] = []
  await trust.accept(next, 'registry', async (...sizes) => {
    asked.push(...sizes)
    return [leaves[2] as Buffer]
  })
  expect([asked, trust.present?.snapshot.number]).toEqual([[2, 3], 3])
})

it('lets a bundle be as old as the operator said', async () => {
  const trust = await open()
  const old = { keys: keys(1), snapshot: snapshot(1) }
  now += 20 * 24 * hour
  await expect(trust.accept(old, 'registry')).rejects.toMatchObject({ code: 'expired' })
  await trust.accept(old, 'bundle')
  expect(trust.fresh().snapshot.number).toBe(1)
  now += 20 * 24 * hour
  expect(() => trust.fresh()).toThrow('more than 30 days ago')
})

it('does not go on without what was seen before', async () => {
  const trust = await open()
  await trust.accept({ keys: keys(1), snapshot: snapshot(1) }, 'registry')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.slice(0, -10))
  await expect(open()).rejects.toThrow()
  const stored = JSON.parse(text) as Record<string, unknown>
  const less = Object.keys(stored).map((member) => ({ ...stored, [member]: undefined }))
  for (const other of [...less, {}, null, [], 5, { ...stored, seen: { keyList: '1', snapshot: 1 } }]) {
    await writeFile(file, JSON.stringify(other))
    await expect(open()).rejects.toThrow('does not hold what this host writes')
  }
  const changed = JSON.parse(text) as { keys: Envelope }
  const eve = generateKeyPairSync('ed25519').privateKey
  await writeFile(file, JSON.stringify({ ...changed, keys: keys(1, { signer: eve }) }))
  await expect(open()).rejects.toMatchObject({ code: 'wrong_signature' })
})

it('decides nothing new by a clock that was put back: what has expired would be good again', async () => {
  const trust = await open()
  now = begin + hour - 1
  await trust.accept({ keys: keys(1), snapshot: snapshot(1) }, 'registry')
  now = begin + 3 * hour
  expect(() => trust.fresh()).toThrow('good until')
  now = begin + hour / 2
  expect(() => trust.fresh()).toThrow(/last heard of 2026-03-01T00:59:59.999Z, and .*clock says 2026-03-01T00:30:00/)
  expect(() => trust.present).not.toThrow()
  // The registry itself, by the right time, ends that.
  await trust.accept({ keys: keys(1), snapshot: snapshot(2, { at: hour / 2 }) }, 'registry')
  expect(trust.fresh().snapshot.number).toBe(2)
})

it('believes no bundle that is of tomorrow: it would be good for a month and a day', async () => {
  const trust = await open()
  const ahead = { keys: keys(1), snapshot: snapshot(1, { at: 24 * hour }) }
  await expect(trust.accept(ahead, 'bundle')).rejects.toMatchObject({ code: 'from_the_future' })
  await trust.accept({ keys: keys(1), snapshot: snapshot(1, { at: hour / 20 }) }, 'bundle')
  expect(trust.fresh().snapshot.number).toBe(1)
})
