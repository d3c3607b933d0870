import {
  checkPackageSignature,
  clockSkewMs,
  distrust,
  type Envelope,
  keyIdOf,
  openApproval,
  type PackageSignature,
  publisherSignature,
  type Snapshot,
} from '@dcesop/sdk-plugin/signing'
import type { PluginPackage } from '@dcesop/sdk-plugin/package'
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import type { ApprovalEvidence, ReleaseEvidence } from '@dcesop/sdk-plugin/contracts'
import { type Listed, publisherOf } from './listed.ts'
import type { Trusted } from './trust-state.ts'

/** What comes with a tarball, from the registry or a bundle. */
export interface ReleasePapers {
  readonly signatures: readonly PackageSignature[]
  readonly publishedAt: string
  /** By region. */
  readonly approvals: Readonly<Record<string, Envelope>>
}

/**
 * Holds a package against everything that vouches for it: bytes, the registry's signature, the publisher's, each region's approval.
 * @throws TrustError that names what does not fit
 */
export function verifyRelease(
  content: PluginPackage,
  listed: Listed,
  papers: ReleasePapers,
  { keys, snapshot }: Trusted,
  { regions, registry, now }: { regions: readonly string[]; registry: string | null; now: Date },
): ReleaseEvidence {
  const { package: name, version, release } = listed
  const id = `${name}@${version}`
  const { integrity } = release
  if (integrityOf(content.sha512) !== integrity)
    throw distrust('other_subject', 'release.bytes', { id, number: snapshot.number })
  requireNamed(content, listed)
  const publishedAt = new Date(papers.publishedAt)
  const packageKey = checkPackageSignature({ name, version, integrity }, papers.signatures, keys, publishedAt)
  const signed = publisherSignature(content.files, publisherKeysAt(snapshot, publisherOf(name), publishedAt))
  if (!signed)
    throw distrust('wrong_signature', 'release.unsigned', { id, publisher: publisherOf(name), number: snapshot.number })
  const approvals = regions.map((region): ApprovalEvidence => {
    const envelope = papers.approvals[region]
    const digest = envelope && createHash('sha256').update(Buffer.from(envelope.payload, 'base64')).digest('hex')
    if (!envelope || digest !== release.approvals?.[region])
      throw distrust('other_subject', 'release.approval', { id, region })
    const { approvers, decidedAt } = openApproval(envelope, keys, { name: id, sha512: content.sha512, region })
    return { region, digest: digest as string, approvers: approvers.map(({ user }) => user), decidedAt }
  })
  return {
    package: name,
    registry,
    integrity,
    channel: release.channel,
    keyList: keys.list.version,
    snapshot: snapshot.number,
    snapshotIssuedAt: snapshot.issuedAt,
    packageKey,
    publisherKeys: signed.signers,
    approvals,
    publishedAt: papers.publishedAt,
    verifiedAt: now.toISOString(),
  }
}

export function integrityOf(sha512: string): string {
  return `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`
}

export function digestOf(integrity: string): string {
  return Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
}

/** A tarball says itself what it is: with its registry's own signature it must say the same. */
function requireNamed({ files, manifest }: PluginPackage, { package: name, version }: Listed): void {
  const { name: said } = JSON.parse(files.get('package.json')?.toString('utf8') ?? '{}') as { name?: string }
  if (said !== name || manifest.version !== version)
    throw distrust('other_subject', 'release.named', { said: `${said}@${manifest.version}`, id: `${name}@${version}` })
}

/** Keys of the publisher that signed at that time; a revoked one is not in the snapshot. */
function publisherKeysAt({ publishers }: Snapshot, publisher: string, at: Date): Map<string, KeyObject> {
  const good = (publishers[publisher] ?? []).filter(
    ({ from, until }) =>
      Date.parse(from) <= at.getTime() + clockSkewMs &&
      (until === null || at.getTime() <= Date.parse(until) + clockSkewMs),
  )
  return new Map(
    good.map(({ spki }) => {
      const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
      return [keyIdOf(key), key]
    }),
  )
}
