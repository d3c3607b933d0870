import type { GivenConfig } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { ServedDefinition } from '../generation/generation.ts'

/** What a plugin's process is told when it starts. */
export interface Init {
  readonly manifest: PluginManifest
  /** Content of the backend entry, as the host has verified it. */
  readonly code: Uint8Array
  readonly config: GivenConfig
  /** Known to the host and this process only: proves a request and a data connection to the other side. */
  readonly key: string
  /** Where to listen for requests. */
  readonly requests: string
  /** Where data are reached; undefined when the manifest asks for none. */
  readonly data?: DataAccess | undefined
  readonly egress: EgressAccess
  readonly times: Times
  readonly available: Availability
}

/** What time it is for the host. */
export interface Times {
  readonly now: Date
  /** Of the ids of events, which is never put back. */
  readonly events: Date
}

/** The way to other hosts. */
export interface EgressAccess {
  readonly socketPath: string
  /** In PEM, trusted beside those of Node. */
  readonly certificates: readonly string[]
}

export interface DataAccess {
  readonly uri: string
  readonly regions: readonly string[]
  /** Databases are `<prefix><region>`. */
  readonly prefix: string
}

/** Consumed capabilities that have a provider now. */
export type Availability = Readonly<Record<string, boolean>>

export type StartedRoutes = readonly ServedDefinition['definition'][]

/** Something that the host calls back for, by the number it was registered under. */
export type Registration =
  | { readonly kind: 'event'; readonly topic: string }
  | { readonly kind: 'job'; readonly name: string; readonly everyMs: number }
  | { readonly kind: 'authorize'; readonly topic: string }
  | { readonly kind: 'capability'; readonly capability: string; readonly methods: readonly string[] }

/** Listeners on this node: topic, region, and how many for each key. */
export type Listeners = readonly (readonly [topic: string, region: string, keys: ReadonlyMap<string, number>])[]
