import { createHash } from 'node:crypto'
import semver from 'semver'
import type { Envelope, PublisherKey, SnapshotPackage, SnapshotVersion } from '@dcesop/sdk-plugin/signing'
import type { CatalogueVersion } from '../../distribution/catalogue/catalogue.ts'
import type { PublisherKeyDocument } from '../publisher-keys/publisher-key-documents.ts'

/** @param channels from the least to the most stable */
export function snapshotPackage(versions: readonly CatalogueVersion[], channels: readonly string[]): SnapshotPackage {
  return {
    versions: Object.fromEntries(versions.map((version) => [version.version, snapshotVersion(version)])),
    channels: Object.fromEntries(
      channels.flatMap((channel) => {
        const newest = newestIn(versions, channel, channels)
        return newest ? [[channel, newest.version]] : []
      }),
    ),
  }
}

/** The newest listed version that is in a channel, or in one more stable. */
export function newestIn(
  versions: readonly CatalogueVersion[],
  channel: string,
  channels: readonly string[],
): CatalogueVersion | undefined {
  const least = channels.indexOf(channel)
  return versions
    .filter(({ yank, governance }) => yank === null && channels.indexOf(governance.channel) >= least)
    .sort((left, right) => semver.rcompare(left.version, right.version))[0]
}

function snapshotVersion({ dist, yank, governance }: CatalogueVersion): SnapshotVersion {
  const approved = governance.regions.flatMap(({ region, attestation }) =>
    attestation ? [[region, payloadDigest(attestation)] as const] : [],
  )
  return {
    integrity: dist.integrity,
    state: yank ? 'yanked' : 'listed',
    channel: governance.channel,
    ...(yank ? { yank } : {}),
    ...(governance.flags.length > 0 ? { flags: governance.flags } : {}),
    ...(approved.length > 0 ? { approvals: Object.fromEntries(approved) } : {}),
  }
}

/** SHA-256 of an envelope's payload in hex. */
export function payloadDigest({ payload }: Envelope): string {
  return createHash('sha256').update(Buffer.from(payload, 'base64')).digest('hex')
}

/** @param documents keys that somebody vouched for and nobody revoked: one that was replaced stays good for what it signed in its time */
export function publisherKeys(documents: readonly PublisherKeyDocument[]): Record<string, PublisherKey[]> {
  const now = new Date()
  const grouped = Map.groupBy(documents, ({ publisher }) => publisher)
  return Object.fromEntries(
    [...grouped].map(([publisher, keys]) => [
      publisher,
      keys.map(({ _id, spki, from, until }) => ({
        keyid: _id,
        spki,
        from: (from ?? now).toISOString(),
        until: until?.toISOString() ?? null,
      })),
    ]),
  )
}
