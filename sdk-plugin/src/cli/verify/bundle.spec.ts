import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { text } from 'node:stream/consumers'
import tar from 'tar-stream'
import { keyIdOf } from '../../signing/keys.ts'
import { bundlePaths, tarballPath } from '../../signing/registry/bundle.ts'
import { type ListedKey, signKeyList } from '../../signing/registry/key-list.ts'
import { signPackage } from '../../signing/registry/package-signature.ts'
import { signSnapshot } from '../../signing/registry/snapshot.ts'
import { verifyBundle } from './bundle.ts'

const at = new Date().toISOString()
const later = new Date(Date.now() + 3_600_000).toISOString()
const root = generateKeyPairSync('ed25519').privateKey
const [packages, snapshots] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey) as [
  KeyObject,
  KeyObject,
]

const listed = (key: KeyObject, role: ListedKey['role']): ListedKey => ({
  keyid: keyIdOf(key),
  role,
  spki: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
  from: at,
  until: null,
})

/** A bundle of one package, signed and listed. */
async function bundleOf(name: string, tarball: Buffer, shipped = tarball): Promise<Buffer> {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const subject = { name, version: '1.0.0', integrity }
  const channels = { latest: '1.0.0' }
  const versions = { '1.0.0': { integrity, state: 'listed' as const, channel: 'latest' } }
  const keys = [listed(packages, 'package'), listed(snapshots, 'snapshot')]
  const times = { issuedAt: at, expires: later }
  const content = {
    publishers: {},
    advisories: '',
    logSize: 1,
    logRoot: '',
    packages: { [name]: { versions, channels } },
  }
  const files = {
    [bundlePaths.index]: {
      format: 1,
      packages: [{ ...subject, signatures: [signPackage(subject, packages)], publishedAt: at, approvals: {} }],
    },
    [bundlePaths.keys]: signKeyList({ version: 1, ...times, keys, revoked: [] }, root),
    [bundlePaths.snapshot]: signSnapshot({ number: 1, ...times, ...content }, snapshots),
  }
  const archive = tar.pack()
  for (const [path, value] of Object.entries(files)) archive.entry({ name: path }, JSON.stringify(value))
  archive.entry({ name: tarballPath(integrity) }, shipped)
  archive.finalize()
  return Buffer.from(await text(archive.setEncoding('latin1')), 'latin1')
}

const roots = new Map([[keyIdOf(root), createPublicKey(root)]])
const told = async (bundle: Promise<Buffer>) => verifyBundle(await bundle, roots, 30)

it('holds a library against its signature alone: it has no manifest', async () => {
  const report = await told(bundleOf('@acme/charts', Buffer.from('a tarball of npm')))
  expect(report.failed).toEqual([])
  expect(report.verified).toContainEqual(expect.stringContaining('@acme/charts@1.0.0'))
  const other = await told(bundleOf('@acme/charts', Buffer.from('a tarball'), Buffer.from('b tarball')))
  expect(other.failed).toEqual([expect.stringContaining('other_subject')])
})

it('opens what is named like a plugin, and fails where it is none', async () => {
  const { failed } = await told(bundleOf('@acme/dcesop-charts', Buffer.from('a tarball of npm')))
  expect(failed).not.toEqual([])
})
