import type { Envelope } from '@dcesop/sdk-plugin/signing'
import type { Collection } from 'mongodb'
import type { Database } from '../storage/database.ts'

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

/** What people decided about a version; see `VersionDocument` for what it is. */
export interface GovernanceDocument {
  /** `name@version`. */
  readonly _id: string
  readonly package: string
  readonly version: string
  /** Id of the plugin; null for a library. */
  readonly plugin: string | null
  readonly channel: string
  readonly flags: readonly string[]
  /** Keys of its publisher that signed it. */
  readonly signers: readonly string[]
  readonly regions: readonly RegionDecision[]
}

/** Which package has a plugin id: routes, collections and logs are named by it, so it is one package's for ever. */
export interface PluginIdDocument {
  readonly _id: string
  readonly package: string
}

/** A right that an administrator gave a publisher. */
export interface GrantDocument {
  /** `mandatory acme` or `reserved acme name`. */
  readonly _id: string
  readonly kind: 'mandatory' | 'reserved'
  readonly publisher: string
  readonly name: string | null
  readonly grantedBy: string
  readonly grantedAt: Date
}

export interface GovernanceCollections {
  readonly governance: Collection<GovernanceDocument>
  readonly pluginIds: Collection<PluginIdDocument>
  readonly grants: Collection<GrantDocument>
}

export function governanceCollections({ db }: Database): GovernanceCollections {
  return {
    governance: db.collection('governance'),
    pluginIds: db.collection('plugin_ids'),
    grants: db.collection('grants'),
  }
}
