import type { Envelope } from '../signing/dsse.ts'

/** Why the bytes of a package were believed: who signed and approved what, and by which state of the registry. Kept with the package, the journal and the audit. */
export interface ReleaseEvidence {
  /** npm name, `@publisher/dcesop-<id>`. */
  readonly package: string
  /** Address of the registry; null when the package came in a bundle. */
  readonly registry: string | null
  /** `sha512-…` of the tarball. */
  readonly integrity: string
  readonly channel: string
  /** Version of the list of keys, and number of the snapshot. */
  readonly keyList: number
  readonly snapshot: number
  readonly snapshotIssuedAt: string
  /** Key of the registry that signed the package. */
  readonly packageKey: string
  /** Keys of the publisher that signed the file list. */
  readonly publisherKeys: readonly string[]
  readonly approvals: readonly ApprovalEvidence[]
  readonly publishedAt: string
  readonly verifiedAt: string
}

export interface ApprovalEvidence {
  readonly region: string
  /** SHA-256 of the attestation's payload in hex, as the snapshot lists it. */
  readonly digest: string
  readonly approvers: readonly string[]
  readonly decidedAt: string
}

export type DecisionState = 'pending' | 'approved' | 'rejected' | 'appealed'

/** Where a version stands in one region. */
export interface RegionDecision {
  readonly region: string
  readonly state: DecisionState
  readonly approvals: readonly { readonly user: string; readonly at: string; readonly comment: string }[]
  /** How many people it needs and why, as of the last decision. */
  readonly policy: { readonly approvals: number; readonly reasons: readonly string[] }
  readonly rejection: {
    readonly user: string
    readonly at: string
    readonly rule: string
    readonly evidence: string
  } | null
  readonly appeal: { readonly user: string; readonly at: string; readonly reason: string } | null
  readonly attestation: Envelope | null
}
