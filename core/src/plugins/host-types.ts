import type { JsonSchema } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import type { Strangers } from '../audit/strangers.ts'
import type { PageSources } from '../http/security-headers.ts'
import type {
  AuditPort,
  Authenticator,
  Clock,
  CoreRoutes,
  DataPlatform,
  Identity,
  Log,
  PolicyPort,
  RawRoutes,
  ReadinessProbe,
  RealtimeHub,
  StepUpPort,
} from '../ports.ts'
import type { RegistrySettings } from './registry/settings.ts'
import type { IsolationPolicy } from './process/isolation.ts'
import type { SafeModeRules } from './safe-mode/boot-record.ts'
import type { NamesOf } from './settings/config-view.ts'
import type { SignedFeed } from '@dcesop/sdk-plugin/contracts'

/** Versions that a manifest's `engines` ranges are held against. */
export interface EngineVersions {
  readonly dcesop: string
  readonly sdk: string
  readonly node: string
}

/** One finished request to a plugin, for metrics; `route` is the template, never the path with ids. */
export interface RequestSample {
  readonly plugin: string
  readonly version: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** One failure of a plugin's screen, for metrics; `kind` is `load`, `mount`, `crash` or `timeout`. */
export interface UiIncidentSample {
  readonly plugin: string
  readonly version: string
  readonly kind: string
}

/** Everything the plugin host needs from the rest of the core. */
export interface PluginHostDeps {
  /** The store, keys and node id live below `<dataDir>/plugins`. */
  readonly dataDir: string
  /** Folder of packed plugins (`*.tgz`) that come with the release; put into the store at start. */
  readonly packagesDir?: string
  /** Plugins installed and enabled at the first start with an empty desired state; `'all'` takes every bundled package. */
  readonly firstInstall: 'all' | readonly string[]
  /** Configuration by plugin id, validated against the manifest's `config.schema`. */
  readonly pluginConfig?: Readonly<Record<string, unknown>>
  /** JSON of secrets by plugin and name, absolute; left out, no plugin has any. */
  readonly secretsFile?: string | null
  /** Left out, nothing comes from a registry. */
  readonly registry?: RegistrySettings | undefined
  /** Which plugins run in processes of their own though their manifests do not ask for it. */
  readonly isolation?: IsolationPolicy
  readonly engines: EngineVersions
  readonly authenticator: Authenticator
  readonly policy: PolicyPort
  readonly audit: AuditPort
  readonly strangers: Strangers
  readonly stepUp: StepUpPort
  readonly data: DataPlatform
  readonly realtime: RealtimeHub
  readonly clock: Clock
  /** The time that all hosts of the database have in common; `clock` when left out. */
  readonly sharedClock?: Clock
  readonly log: Log
  /** Throws a Problem 429 when this caller has used up its share; called after authentication, before the permission check. */
  readonly rateLimit?: (request: IncomingMessage, identity: Identity | undefined) => Promise<void>
  /** Names of people by their ids, of those whom a reader of these regions may know; nobody's when left out. */
  readonly namesOf?: NamesOf
  /** Whether authors may try builds of their plugins out in their own session; never in production. */
  readonly devOverrides?: boolean
  /** The origin that browsers use; null takes each request's own host. */
  readonly publicOrigin: string | null
  readonly observe?: (sample: RequestSample) => void
  readonly observeUiIncident?: (sample: UiIncidentSample) => void
  /** A plugin in this process held the event loop for so long. */
  readonly observeLoop?: (plugin: string, seconds: number) => void
  /** Time between two looks for rollback windows that are over; a minute when left out. */
  readonly rollbackWindowsMs?: number
  /** Time between two looks for incidents that the registry is to be told of; 15 s when left out. */
  readonly reportsMs?: number
  /** How long a change outlives the host that made it, until another settles it; 30 s when left out. */
  readonly leaseMs?: number
  /** After how much silence another host is taken for gone; 10 s when left out. */
  readonly hostSilenceMs?: number
  /** How long after its stop a version is asked whether it left something behind; 10 s when left out. */
  readonly leftoversMs?: number
  /** Ends of a plugin's process within five minutes until it is given up; 5 when left out. */
  readonly mostEnds?: number
  /** When to begin in safe mode; what is left out is as in docs/lifecycle.md. */
  readonly safeMode?: Partial<SafeModeRules>
}

/** A route as it serves now, for the OpenAPI document. */
export interface ServedRoute {
  readonly plugin: string
  readonly version: string
  readonly method: string
  /** Full path, `/api/plugins/<id>/…`, in hapi's notation. */
  readonly path: string
  readonly summary: string
  readonly permission: string
  readonly params?: JsonSchema
  readonly query?: JsonSchema
  readonly body?: JsonSchema
  /** Accepted media types of a body that is not JSON. */
  readonly contentTypes?: readonly string[]
  readonly responses?: Readonly<Record<number, JsonSchema>>
}

/** State of one installed plugin, for the administration; `/readyz` leaves out what is not public. */
export interface PluginStatus {
  readonly id: string
  readonly version: string
  readonly state: string
  readonly enabled: boolean
  readonly since: string
  readonly reason?: string
}

/**
 * The plugin host. `routes` are registered on the core server before it listens; `start` brings up every enabled plugin and
 * never rejects because of one of them.
 */
export interface PluginHost {
  readonly routes: readonly CoreRoutes[]
  /** `/api/plugins/{id}/…`. */
  readonly dispatch: RawRoutes
  readonly readiness: ReadinessProbe
  /** Public key of the feed as JWK, also served at `/api/ui/feed-key`. */
  readonly feedKey: SignedFeed['publicKey']
  start(): Promise<void>
  /** Drains and stops every generation. */
  stop(): Promise<void>
  status(): readonly PluginStatus[]
  servedRoutes(): readonly ServedRoute[]
  /** What the screens of the plugins that serve may reach besides this host. */
  pageSources(): PageSources
}
