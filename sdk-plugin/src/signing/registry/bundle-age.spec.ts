import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { keyIdOf } from '../keys.ts'
import { bundlePaths, openBundle } from './bundle.ts'
import { type ListedKey, signKeyList } from './key-list.ts'
import { signSnapshot } from './snapshot.ts'

const day = 86_400_000
const now = Date.parse('2026-03-01T00:00:00Z')
const iso = (ms: number) => new Date(now + ms).toISOString()
const root = generateKeyPairSync('ed25519').privateKey
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/** An empty bundle whose snapshot was signed then. */
function bundleOf(at: number): Map<string, Buffer> {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  const listed: ListedKey = { keyid: keyIdOf(key), role: 'snapshot', spki, from: iso(-90 * day), until: null }
  const times = { issuedAt: iso(-60 * day), expires: iso(90 * day) }
  const keys = signKeyList({ version: 1, ...times, keys: [listed], revoked: [] }, root)
  const content = { packages: {}, publishers: {}, advisories: '', logSize: 1, logRoot: '' }
  const snapshot = signSnapshot({ number: 1, issuedAt: iso(at), expires: iso(at + day), ...content }, key)
  const files = {
    [bundlePaths.index]: { format: 1, packages: [] },
    [bundlePaths.keys]: keys,
    [bundlePaths.snapshot]: snapshot,
  }
  return new Map(Object.entries(files).map(([path, value]) => [path, Buffer.from(JSON.stringify(value))]))
}

const open = (at: number) =>
  openBundle(bundleOf(at), new Map([[keyIdOf(root), createPublicKey(root)]]), { now: new Date(now), maxAgeDays: 30 })

it('takes a bundle that is as old as it may be, and one of a clock that is a little ahead', () => {
  expect([open(-29 * day), open(60_000)].map(({ snapshot }) => snapshot.number)).toEqual([1, 1])
})

it('refuses one that is older, and one of tomorrow: it would be good for longer than anybody allowed', () => {
  expect(() => open(-31 * day)).toThrow(expect.objectContaining({ code: 'expired' }))
  expect(() => open(day)).toThrow(expect.objectContaining({ code: 'from_the_future' }))
})
