import type { Argon2Config } from '@dcesop/sdk-plugin/internal/sign-in'
/** The validated configuration: frozen, paths absolute, durations in the unit of their name. */
export interface RegistryConfig {
  readonly profile: string
  readonly http: HttpConfig
  readonly data: DataConfig
  readonly accounts: AccountsConfig
  readonly names: NamesConfig
  readonly checks: Readonly<Record<string, CheckConfig>>
  /** SPDX ids of those that what a plugin bundles may have. */
  readonly licences: readonly string[]
  readonly trust: TrustConfig
  readonly governance: GovernanceConfig
  readonly log: { readonly level: string }
}

export interface HttpConfig {
  readonly host: string
  readonly port: number
  /** Address under which clients reach the registry, without a slash at the end; null takes each request's own host. */
  readonly publicUrl: string | null
  /** Networks of the proxies in front, whose word on who asks is believed. */
  readonly trustedProxies: readonly string[]
  readonly headersTimeoutMs: number
  /** How long the registry waits for a body that does not arrive. */
  readonly bodyPatienceMs: number
  readonly connectionsCheckingIntervalMs: number
  readonly keepAliveTimeoutMs: number
  readonly drainMs: number
  readonly limits: {
    readonly requestsPerMinutePerAddress: number
    readonly publishesPerMinutePerAccount: number
    readonly signInsPerMinutePerAddress: number
    readonly connectionsPerAddress: number
    readonly reportsPerHourPerInstance: number
  }
}

export interface DataConfig {
  readonly directory: string
  /** Null starts the embedded engine. */
  readonly mongodbUri: string | null
  readonly database: string
  /** Where tarballs are kept. */
  readonly blobs: 'files' | 'gridfs'
  readonly allowEmbeddedInProduction: boolean
}

export interface AccountsConfig {
  readonly signUp: 'open' | 'closed'
  /** Whether the accounts of `config/registry/accounts.json` are made. */
  readonly demo: boolean
  readonly argon2: Argon2Config
}

export interface NamesConfig {
  /** `open`: the first account that publishes to a free scope owns it; `granted`: an administrator gives it. */
  readonly scopes: 'open' | 'granted'
  readonly unscoped: 'admins' | 'anyone'
  /** Names that nobody but an administrator may use, as scope or as package. */
  readonly reserved: readonly string[]
}

export interface TrustConfig {
  /** Folder of the registry's keys; null for `keys` in the data directory. */
  readonly keysDirectory: string | null
  /** Whether missing keys are made at the start, the root key included. */
  readonly generateKeys: boolean
  /** How long a signed list of keys is good. */
  readonly keyListDays: number
  /** How long a key that was replaced still counts. */
  readonly overlapDays: number
  readonly snapshotMinutes: number
  readonly snapshotRefreshMinutes: number
  /** Registries whose bundles are taken over. */
  readonly origins: {
    /** Files with the public root keys of these registries. */
    readonly rootKeys: readonly string[]
    /** How old the snapshot in a bundle may be. */
    readonly maxAgeDays: number
  }
}

export interface GovernanceConfig {
  /** Publishers whose plugins are the platform's own. */
  readonly firstParty: readonly string[]
  /** From the least to the most stable. */
  readonly channels: readonly string[]
  /** How many different people a region needs to approve, by what makes it special. */
  readonly approvals: {
    readonly usual: number
    readonly mandatory: number
    readonly inlinePartner: number
    readonly newPermissions: number
  }
}

export interface CheckConfig {
  readonly enabled: boolean
  /** Whether a finding refuses the publish; otherwise it is only reported. */
  readonly enforced: boolean
  readonly timeLimitMs: number
}
