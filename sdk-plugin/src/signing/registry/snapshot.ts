import type { KeyObject } from 'node:crypto'
import { type Envelope, signEnvelope } from '../dsse.ts'
import { checkTime, distrust } from '../trust-error.ts'
import { openByRole, type TrustedKeys } from './key-list.ts'

export const snapshotType = 'application/vnd.dcesop.snapshot+json'

export type YankClass = 'security' | 'legal' | 'defect' | 'withdrawn'

export interface Yank {
  readonly class: YankClass
  readonly reason: string
  /** By when nobody may run it any more. */
  readonly deadline: string | null
}

export interface SnapshotVersion {
  readonly integrity: string
  readonly state: 'listed' | 'yanked'
  readonly channel: string
  readonly yank?: Yank
  /** What speaks against it, for example `publisher-key-revoked`. */
  readonly flags?: readonly string[]
  /** SHA-256 of the approval's payload in hex, by region: an approval that is not here was taken back. */
  readonly approvals?: Readonly<Record<string, string>>
}

export interface SnapshotPackage {
  readonly versions: Readonly<Record<string, SnapshotVersion>>
  /** Newest listed version by channel. */
  readonly channels: Readonly<Record<string, string>>
}

export interface PublisherKey {
  readonly keyid: string
  readonly spki: string
  readonly from: string
  readonly until: string | null
}

/** Everything that a host needs to know about the registry's present state, in one signed document that soon expires. */
export interface Snapshot {
  /** Never goes back. */
  readonly number: number
  readonly issuedAt: string
  readonly expires: string
  readonly packages: Readonly<Record<string, SnapshotPackage>>
  /** Verified keys by publisher. */
  readonly publishers: Readonly<Record<string, readonly PublisherKey[]>>
  /** SHA-256 of the advisories in hex. */
  readonly advisories: string
  readonly logSize: number
  readonly logRoot: string
}

export function signSnapshot(snapshot: Snapshot, key: KeyObject): Envelope {
  return signEnvelope(snapshotType, Buffer.from(JSON.stringify(snapshot)), [key])
}

export interface SnapshotOptions {
  readonly now: Date
  /** Number of the newest snapshot that was believed before. */
  readonly seen?: number
}

/** @throws TrustError for a wrong signature, an expired snapshot, or one older than seen before */
export function openSnapshot(envelope: Envelope, keys: TrustedKeys, { now, seen = 0 }: SnapshotOptions): Snapshot {
  const snapshot = openByRole<Snapshot>(envelope, snapshotType, keys, {
    role: 'snapshot',
    what: { id: 'what.snapshot' },
    members: ['number', 'issuedAt', 'expires', 'packages', 'logSize', 'logRoot'],
    time: ({ issuedAt }) => issuedAt,
  })
  if (snapshot.number < seen) throw distrust('rolled_back', 'snapshot.rolled-back', { number: snapshot.number, seen })
  checkTime({ id: 'what.snapshot' }, now, new Date(snapshot.issuedAt), new Date(snapshot.expires))
  return snapshot
}
