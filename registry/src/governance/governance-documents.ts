import type { RegionDecision } from '@dcesop/sdk-plugin/contracts'
import type { Collection } from 'mongodb'
import type { Database } from '../storage/database.ts'

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
