import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { Container } from 'inversify'
import type { CanaryFigures } from '../canary/canary-figures.ts'
import type { Leases } from '../../jobs/leases.ts'
import type { Clock, Log, PolicyPort } from '../../ports.ts'
import type { Nodes } from '../hosts/nodes.ts'
import type { HostPorts } from '../generation/handles.ts'
import type { EngineVersions } from '../host-types.ts'
import type { DesiredStates } from '../journal/desired.ts'
import type { Journal } from '../journal/journal.ts'
import type { Reason } from '../journal/reasons.ts'
import type { Catalogue, CatalogueEntry } from '../store/catalogue.ts'
import type { PackageStore } from '../store/package-store.ts'
import type { Permissions } from './permissions.ts'
import type { PluginConfig } from './plugin-config.ts'
import type { PluginSettings, Settings } from '../settings/plugin-settings.ts'
import type { Slot } from './slot.ts'

/** What the steps of the lifecycle share. */
export interface LifecycleParts {
  readonly store: PackageStore
  readonly catalogue: Catalogue
  readonly journal: Journal
  readonly desired: DesiredStates
  readonly leases: Leases
  readonly figures: CanaryFigures
  readonly nodes: Nodes
  readonly ports: HostPorts
  readonly container: Container
  readonly engines: EngineVersions
  readonly permissions: Permissions
  readonly policy: PolicyPort
  readonly clock: Clock
  readonly log: Log
  readonly slots: Map<string, Slot>
  readonly settings: PluginSettings
  /** What the host's own configuration says of a plugin; undefined when that is nothing. */
  hostConfigOf(plugin: string): unknown
  /** The host's configuration of a plugin, overlaid by what administrators set, with its secrets. @throws ReasonedError when it does not fit */
  configOf(manifest: PluginManifest, settings: Settings): PluginConfig
  /** Channels of the registry that is believed, from the least to the most stable; none without a registry. */
  channels(): readonly string[]
  /** Why a package must not run; undefined when it may. */
  barrierOf(entry: CatalogueEntry): Promise<Reason | undefined>
  /** What is served has changed. */
  changed(): Promise<void>
}
