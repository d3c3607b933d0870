import type { PackageSignature, Yank } from '@dcesop/sdk-plugin/signing'
import type { CheckResult } from '../checks/check.ts'

export type Role = 'publisher' | 'reviewer' | 'admin'

/** A role everywhere, or in one region. */
export interface Grant {
  readonly role: Role
  readonly region?: string
}

export interface AccountDocument {
  /** User name. */
  readonly _id: string
  readonly passwordHash: string
  readonly email: string
  readonly roles: readonly Grant[]
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Digests of the network addresses from which its owner signed in, newest last. */
  readonly addresses?: readonly string[]
  /** Listed with its password in the repository: production refuses to start beside it. */
  readonly demo?: true
}

export interface TokenDocument {
  /** SHA-256 of the token in hex: what a stolen database holds opens nothing. */
  readonly _id: string
  readonly user: string
  /** First characters, by which its owner recognises it. */
  readonly hint: string
  readonly name: string
  readonly readonly: boolean
  readonly cidr: readonly string[]
  readonly createdAt: Date
  readonly expiresAt: Date | null
}

export type MemberRole = 'owner' | 'admin' | 'developer'

export interface ScopeDocument {
  /** Without the `@`: the publisher's id. */
  readonly _id: string
  readonly members: readonly { readonly user: string; readonly role: MemberRole }[]
  readonly createdAt: Date
}

export type PackageKind = 'plugin' | 'library'

export interface PackageDocument {
  /** Full name. */
  readonly _id: string
  readonly kind: PackageKind
  /** Null for an unscoped package, which its `owners` own. */
  readonly scope: string | null
  readonly owners: readonly string[]
  readonly tags: readonly { readonly tag: string; readonly version: string }[]
  /** npm's `_rev`: number of the change and a random part, so that no two states ever share one. */
  readonly rev: string
  readonly createdAt: Date
  readonly modifiedAt: Date
  /** The name as people misread it; see similar-name. */
  readonly folded: string
  readonly search: SearchSummary
}

/** What a search looks at and answers, taken from the latest version. */
export interface SearchSummary {
  readonly terms: readonly string[]
  readonly version: string
  readonly description: string
  readonly keywords: readonly string[]
  readonly publisher: string
  readonly date: Date
  readonly links: Readonly<Record<string, string>>
  readonly quality: number
  readonly deprecated: boolean
}

export interface Dist {
  /** `sha512-…`, as npm writes it. */
  readonly integrity: string
  /** SHA-1 in hex, for old clients. */
  readonly shasum: string
  readonly fileCount: number
  readonly unpackedSize: number
  /** npm's registry signatures over `name@version:integrity`. */
  readonly signatures?: readonly PackageSignature[]
}

/** A file in a package's `contracts/`. */
export interface StoredContract {
  readonly capability: string
  readonly range: string
  readonly consumer: string
  /** However its JSON is written. */
  readonly sha256: string
  /** The contract as JSON text: its members are no field names for a database. */
  readonly text: string
}

export interface VersionDocument {
  /** `name@version`. */
  readonly _id: string
  readonly package: string
  readonly version: string
  readonly kind: PackageKind
  /** package.json of the tarball as JSON text: what is served is what was checked. */
  readonly manifest: string
  /** The members of it that an installer needs. */
  readonly abbreviated: string
  readonly readme: string
  /** dcesop.plugin.json as JSON text. */
  readonly plugin: string | null
  readonly dist: Dist
  readonly size: number
  /** SHA-512 of the tarball in hex. */
  readonly blob: string
  readonly publishedBy: string
  readonly publishedAt: Date
  readonly deprecated: string | null
  /** Packages that it bundles. */
  readonly components: readonly { readonly name: string; readonly version: string }[]
  /** Ids of the keys that signed its file list, as the package says. */
  readonly signedBy: readonly string[]
  /** Set when it is offered to nobody any more. */
  readonly yank: Yank | null
  /** What it relies on in capabilities of others. Versions of before this was kept have none. */
  readonly contracts?: readonly StoredContract[]
  /** JSON text of SHA-256 in hex by path below `dist/ui/`: paths are no field names for a database. Versions of before this was kept have none. */
  readonly ui?: string
  readonly checks: readonly CheckResult[]
}

export interface AdvisoryDocument {
  /** OSV id. */
  readonly _id: string
  readonly package: string
  /** Semver range of the versions that it is about. */
  readonly vulnerable: string
  readonly severity: 'info' | 'low' | 'moderate' | 'high' | 'critical'
  readonly title: string
  readonly url: string
  readonly cwe: readonly string[]
}
