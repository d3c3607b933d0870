import type { DataPort } from './data.ts'
import type { Disposable } from './disposable.ts'
import type { CapabilitiesPort, Clock, EventsPort, JobsPort, Log, RealtimePort, SecretsPort } from './ports.ts'
import type { RouteDefinition, RouteShapes } from './route.ts'

/** What the host gives to one generation of a plugin. Everything registered here is taken back when the generation stops. */
export interface PluginContext<Config = unknown> {
  readonly id: string
  readonly version: string
  /** Validated against `config.schema` of the manifest, frozen. */
  readonly config: Config
  /**
   * The configuration in a region, which may differ where `config.scopes` of the manifest has `region`.
   * @throws Problem 404 for a region that the generation does not serve
   */
  configOf(region: string): Config
  readonly log: Log
  readonly clock: Clock
  readonly data: DataPort
  readonly events: EventsPort
  readonly realtime: RealtimePort
  readonly jobs: JobsPort
  readonly capabilities: CapabilitiesPort
  readonly secrets: SecretsPort
  route<S extends RouteShapes>(definition: RouteDefinition<S>): void
  /** Registers something of the plugin's own to be disposed at stop. */
  onStop(disposable: Disposable): void
}

export interface PluginDefinition<Config = unknown> {
  /** Registers routes, jobs, subscriptions and capabilities; resolves when the plugin can serve. */
  start(context: PluginContext<Config>): void | Promise<void>
}

/** Marks a module's default export as a plugin. Shape check only; the manifest carries everything declarative. */
export function definePlugin<Config = unknown>(definition: PluginDefinition<Config>): PluginDefinition<Config> {
  return definition
}
