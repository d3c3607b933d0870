import type { Argon2Config } from '@dcesop/sdk-plugin/internal/sign-in'
/** The validated configuration: frozen, all paths absolute, all durations in the unit of their name. */
export interface Config {
  readonly profile: string
  readonly http: HttpConfig
  readonly data: DataConfig
  /** Ids of the regions that this host serves, each described in `regionDetails`. */
  readonly regions: readonly string[]
  readonly regionDetails: readonly Region[]
  readonly identity: IdentityConfig
  readonly plugins: PluginsConfig
  readonly demo: { readonly programs: readonly DemoProgram[] }
  readonly log: { readonly level: string }
}

export interface HttpConfig {
  readonly host: string
  readonly port: number
  /** Origin under which browsers see the host, for example `https://console.example.net`; null when it is the listening address. */
  readonly publicOrigin: string | null
  /** Networks of the proxies in front, whose word on who asks is believed. */
  readonly trustedProxies: readonly string[]
  readonly headersTimeoutMs: number
  /** How long the host waits for a body that does not arrive. */
  readonly bodyTimeoutMs: number
  readonly connectionsCheckingIntervalMs: number
  readonly keepAliveTimeoutMs: number
  readonly maxHeaderBytes: number
  readonly drainMs: number
  readonly shellDirectory: string
  /** The documentation site, which `null` leaves out. */
  readonly docsDirectory: string | null
  readonly limits: {
    readonly requestsPerMinutePerIdentity: number
    readonly requestsPerMinutePerAddress: number
    readonly signInsPerMinutePerAddress: number
    readonly connectionsPerAddress: number
  }
}

export interface DataConfig {
  readonly directory: string
  /** Null starts the embedded engine. */
  readonly mongodbUri: string | null
  readonly databasePrefix: string
  readonly allowEmbeddedInProduction: boolean
}

export interface IdentityConfig {
  readonly idleMinutes: number
  readonly absoluteHours: number
  readonly stepUpMinutes: number
  readonly machineTokenMinutes: number
  /** How long a session may be answered from memory; bounds the delay of a revocation on other nodes. */
  readonly sessionCacheMs: number
  readonly argon2: Argon2Config
  readonly demoAccounts: boolean
}

export interface PluginsConfig {
  readonly packagesDirectory: string
  readonly firstInstall: 'all' | readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  /** JSON file of secrets by plugin and name, absolute. */
  readonly secretsFile: string | null
  /** Raises what manifests ask for, never lowers it. */
  readonly isolation: IsolationConfig
  /** How long a change of a plugin outlives the host that made it, until another host settles it. */
  readonly leaseSeconds: number
  readonly safeMode: SafeModeConfig
  /** Whether `dcesop dev` may show a build to the session of its author. */
  readonly devOverrides: boolean
  readonly registry: RegistryConfig
}

/** Whether a plugin's backend runs in the host's process or in one of its own. */
export interface IsolationConfig {
  readonly default: 'inline' | 'process'
  readonly byPlugin: Readonly<Record<string, 'inline' | 'process'>>
}

/** When a start adds plugins one by one, because the host went down too often. */
export interface SafeModeConfig {
  /** Ends of the host that nothing explains … */
  readonly crashes: number
  /** … within this time. */
  readonly withinMinutes: number
  /** How long the host must outlive a plugin that is added. */
  readonly watchSeconds: number
  /** How long a version must have served for it to be known as good. */
  readonly settleSeconds: number
}

/** Where plugins may come from beside the release and uploads. Without `rootKey` there is no registry; without `url` bundles are imported only. */
export interface RegistryConfig {
  readonly url: string | null
  /** PEM file of the registry's public root key, absolute: the one key that is pinned. */
  readonly rootKey: string | null
  /** Regions for which a version must be approved; null takes those that the host serves. */
  readonly regions: readonly string[] | null
  /** The least stable channel that is followed where nobody wants another for a plugin. */
  readonly channel: string
  readonly refreshSeconds: number
  /** How old the registry's state in an imported bundle may be. */
  readonly bundleMaxAgeDays: number
  readonly react: RegistryReactions
  /** Secret of this instance at the registry, by which it reports incidents to publishers; null reports nothing. */
  readonly reportToken: string | null
}

/** What happens to an installed version that the registry speaks against: `tell` shows it, `act` also replaces it or puts it into quarantine. */
export interface RegistryReactions {
  readonly security: Reaction
  readonly legal: Reaction
  readonly defect: Reaction
  readonly withdrawn: Reaction
  /** The publisher's key was revoked. */
  readonly flagged: Reaction
  /** The approval for one of the regions was taken back. */
  readonly unapproved: Reaction
}

export type Reaction = 'tell' | 'act'

/** An ordinary API client that the demo profile runs beside the host. */
export interface DemoProgram {
  readonly name: string
  /** TypeScript file, absolute. */
  readonly entry: string
  /** Scope by which the program's machine clients (one for each region) are chosen from the demo accounts. */
  readonly clients: string
  /** Whether the host is ready only after the program printed a line that begins with `ready`. */
  readonly waitForReadyLine: boolean
}

/** `config/regions/<id>.json`. */
export interface Region {
  readonly id: string
  readonly country: string
  readonly name: Readonly<Record<string, string>>
  readonly timeZone: string
  readonly currency: string
  readonly locale: string
}
