import { createHash, type KeyObject } from 'node:crypto'
import { type Envelope, envelopeOf } from '../dsse.ts'
import { checkTime, distrust } from '../trust-error.ts'
import { openApproval } from './approval.ts'
import { openKeyList, type TrustedKeys } from './key-list.ts'
import { readIndex } from './bundle-index.ts'
import { checkPackageSignature, type PackageSignature } from './package-signature.ts'
import { parsePayload } from './payload.ts'
import { checkPublishProof, type LogProof } from './publish-proof.ts'
import { openSnapshot, type Snapshot } from './snapshot.ts'

/** Paths in the tar archive that a bundle is. */
export const bundlePaths = { index: 'bundle.json', keys: 'keys.json', snapshot: 'snapshot.json' } as const

export interface BundledPackage {
  readonly name: string
  readonly version: string
  readonly integrity: string
  readonly signatures: readonly PackageSignature[]
  readonly publishedAt: string
  /** By region. */
  readonly approvals: Readonly<Record<string, Envelope>>
  /** That its publish is in the log of the snapshot. */
  readonly log: LogProof
}

export interface BundleIndex {
  readonly format: 1
  readonly packages: readonly BundledPackage[]
}

export function tarballPath(integrity: string): string {
  return `tarballs/${Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')}.tgz`
}

export interface BundleOptions {
  readonly now: Date
  /** How old the registry's snapshot in it may be: it was good when the bundle was made, and there is no network to ask again. */
  readonly maxAgeDays: number
  /** Number of the newest snapshot that was believed before. */
  readonly seen?: number
}

export interface OpenedBundle {
  readonly packages: readonly (BundledPackage & { readonly tarball: Buffer })[]
  readonly snapshot: Snapshot
  readonly keys: TrustedKeys
}

/**
 * Checks everything in a bundle without any network: keys against the pinned root, the snapshot, each tarball's bytes and signature,
 * that the snapshot lists it and its log has its publish, and each approval.
 * @param files of the archive, by path
 * @throws TrustError
 */
export function openBundle(
  files: ReadonlyMap<string, Buffer>,
  roots: ReadonlyMap<string, KeyObject>,
  { now, maxAgeDays, seen = 0 }: BundleOptions,
): OpenedBundle {
  const index = readIndex(file(files, bundlePaths.index))
  const keys = openKeyList(envelope(files, bundlePaths.keys), roots, { now })
  const snapshot = openOldSnapshot(envelope(files, bundlePaths.snapshot), keys, seen)
  checkTime({ id: 'what.bundle' }, now, new Date(snapshot.issuedAt), null)
  const age = now.getTime() - Date.parse(snapshot.issuedAt)
  if (age > maxAgeDays * 24 * 60 * 60 * 1000)
    throw distrust('expired', 'bundle.old', { issuedAt: snapshot.issuedAt, days: maxAgeDays })
  const packages = index.packages.map((one) => ({ ...one, tarball: checked(one, files, snapshot, keys) }))
  return { packages, snapshot, keys }
}

/** Good at its own time; its age is the bundle's. */
function openOldSnapshot(signed: Envelope, keys: TrustedKeys, seen: number): Snapshot {
  const { issuedAt } = parsePayload<Snapshot>(Buffer.from(signed.payload, 'base64'), { id: 'what.snapshot' }, [
    'issuedAt',
  ])
  return openSnapshot(signed, keys, { now: new Date(issuedAt), seen })
}

function checked(
  one: BundledPackage,
  files: ReadonlyMap<string, Buffer>,
  snapshot: Snapshot,
  keys: TrustedKeys,
): Buffer {
  const { name, version, integrity, signatures, publishedAt, approvals, log } = one
  const id = `${name}@${version}`
  const tarball = file(files, tarballPath(integrity))
  const sha512 = createHash('sha512').update(tarball).digest()
  if (`sha512-${sha512.toString('base64')}` !== integrity) throw distrust('other_subject', 'bundle.bytes', { id })
  checkPackageSignature({ name, version, integrity }, signatures, keys, new Date(publishedAt))
  const listed = snapshot.packages[name]?.versions[version]
  if (listed?.integrity !== integrity || listed.state !== 'listed')
    throw distrust('other_subject', 'bundle.unlisted', { id })
  checkPublishProof(log, { id, integrity }, snapshot)
  for (const [region, approval] of Object.entries(approvals)) {
    openApproval(approval, keys, { name: id, sha512: sha512.toString('hex'), region })
    const digest = createHash('sha256').update(Buffer.from(approval.payload, 'base64')).digest('hex')
    if (listed.approvals?.[region] !== digest) throw distrust('other_subject', 'bundle.taken-back', { id, region })
  }
  return tarball
}

function file(files: ReadonlyMap<string, Buffer>, path: string): Buffer {
  const content = files.get(path)
  if (!content) throw distrust('malformed', 'bundle.missing', { path })
  return content
}

function envelope(files: ReadonlyMap<string, Buffer>, path: string): Envelope {
  const found = envelopeOf(
    parsePayload<Envelope>(file(files, path), { id: 'what.file', params: { path } }, ['payload']),
  )
  if (!found) throw distrust('malformed', 'bundle.unsigned', { path })
  return found
}
