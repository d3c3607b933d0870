import type { RegionDecision } from '@dcesop/sdk-plugin/contracts'
import type { CheckFinding } from '../text/check-finding.ts'
import type { Manifest } from './manifest.ts'

/** What the registry has, as the host passes it on (`/admin/registry/…`), as far as the screens read it. */

export interface OfferedVersion {
  readonly plugin: string
  readonly package: string
  readonly publisher: string
  readonly version: string
  readonly channel: string
  readonly yank: { readonly class: string; readonly reason: string; readonly deadline: string | null } | null
  readonly flags: readonly string[]
  readonly approvedIn: readonly string[]
  readonly barrier: { readonly rule: string; readonly sentence: string } | null
  /** What it brings, as the registry says; null where it does not, and of a host of before none. */
  readonly kinds?: readonly ('ui' | 'backend')[] | null
  /** Of its files, unpacked. */
  readonly bytes?: number | null
}

export interface ReleasesAnswer {
  readonly configured: boolean
  /** Of the instance. */
  readonly channel: string | null
  /** Those of the registry, from the least to the most stable; a host of before tells none. */
  readonly channels?: readonly string[]
  readonly releases: readonly OfferedVersion[]
}

export interface CheckResult {
  readonly check: string
  readonly state: string
  readonly enforced: boolean
  readonly findings: readonly CheckFinding[]
}

/** A known weakness of a version, or of a package that it bundles. */
export interface VersionAdvisory {
  readonly title: string
  readonly severity: string
  readonly url?: string
  /** npm name of what is weak. */
  readonly package: string
  /** Range of its versions. */
  readonly vulnerable: string
}

export interface RegistryVersion {
  /** Of what was decided about it: sent back with a decision. A registry of before tells none. */
  readonly revision?: string
  readonly package: string
  readonly version: string
  readonly manifest: Manifest | null
  readonly checks: readonly CheckResult[]
  readonly channel: string
  readonly flags: readonly string[]
  readonly approvals: readonly RegionDecision[]
  readonly provenance: {
    readonly publishedBy: string
    readonly publishedAt: string
    readonly signers: readonly string[]
    readonly integrity: string
    readonly signatures: readonly { readonly keyid: string }[]
    readonly size: number | { readonly packed?: number; readonly unpacked?: number }
  }
  readonly advisories: readonly VersionAdvisory[]
  readonly history: readonly {
    readonly seq: number
    readonly at: string
    readonly kind: string
    readonly actor: string
  }[]
}

export interface Advisory {
  readonly plugin: string
  readonly version: string
  readonly title: string
  readonly severity: string
  readonly url?: string
  readonly vulnerable_versions: string
}
