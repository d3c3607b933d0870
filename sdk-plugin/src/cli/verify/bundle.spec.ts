import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { text } from 'node:stream/consumers'
import tar from 'tar-stream'
import { keyIdOf } from '../../signing/keys.ts'
import { entryHash, entryText, noEntryBefore } from '../../signing/log/log-entry.ts'
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

interface Made {
  readonly shipped?: Buffer
  /** Of the log's only entry; that of the package when left out. */
  readonly logged?: string
  readonly proof?: readonly string[]
}

/** A bundle of one package, signed, logged and listed. */
async function bundleOf(
  name: string,
  tarball: Buffer,
  { shipped = tarball, logged, proof = [] }: Made = {},
): Promise<Buffer> {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const subject = { name, version: '1.0.0', integrity }
  const channels = { latest: '1.0.0' }
  const versions = { '1.0.0': { integrity, state: 'listed' as const, channel: 'latest' } }
  const keys = [listed(packages, 'package'), listed(snapshots, 'snapshot')]
  const [kind, id, body] = ['version.published', logged ?? `${name}@1.0.0`, { integrity }]
  const entry = entryText({ seq: 0, at, kind, subject: id, actor: 'acme', body, prev: noEntryBefore })
  const log = { seq: 0, entry, proof }
  const times = { issuedAt: at, expires: later }
  const content = {
    publishers: {},
    advisories: '',
    logSize: 1,
    logRoot: entryHash(entry).toString('hex'),
    packages: { [name]: { versions, channels } },
  }
  const files = {
    [bundlePaths.index]: {
      format: 1,
      packages: [{ ...subject, signatures: [signPackage(subject, packages)], publishedAt: at, approvals: {}, log }],
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
  const other = await told(bundleOf('@acme/charts', Buffer.from('a tarball'), { shipped: Buffer.from('b tarball') }))
  expect(other.failed).toEqual([expect.stringContaining('other_subject')])
})

it.each([
  ['is about another version', { logged: '@acme/charts@2.0.0' }, 'other_subject'],
  ['does not lead to the log that is signed', { proof: ['ab'.repeat(32)] }, 'log_altered'],
  ['is none', { proof: ['of course'] }, 'malformed'],
])('believes no bundle whose proof of a publish %s', async (_what, made, fault) => {
  const { failed } = await told(bundleOf('@acme/charts', Buffer.from('a tarball'), made))
  expect(failed).toEqual([expect.stringContaining(fault)])
})

it('opens what is named like a plugin, and fails where it is none', async () => {
  const { failed } = await told(bundleOf('@acme/dcesop-charts', Buffer.from('a tarball of npm')))
  expect(failed).not.toEqual([])
})
