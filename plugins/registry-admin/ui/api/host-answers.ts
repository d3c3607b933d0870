import type { ReleaseEvidence } from '@dcesop/sdk-plugin/contracts'
import type { ToldReason } from '@dcesop/sdk-plugin/ui'
import type { Distrust } from '../text/distrust.ts'

/** Answers of the host's administration API about what is here, as far as the screens read them. */

/** Which versions are wanted; null for both where the version moves when somebody asks. */
export interface Wish {
  readonly range: string | null
  readonly pinned: { readonly reason: string; readonly since: string } | null
  /** Of the registry; null where it is the instance's. A host of before tells none. */
  readonly channel?: string | null
}

/** A version of the range to which the host does not go by itself, and the problem that is in the way. */
export interface Waiting {
  readonly version: string
  readonly code: string
  readonly detail: string
  readonly extensions: Readonly<Record<string, unknown>>
}

export interface RegionState extends Partial<Wish> {
  readonly region: string
  readonly enabled: boolean
  readonly version: string | null
  readonly serving: string | null
  readonly differs: boolean
  readonly previous: string | null
  readonly waiting?: Waiting | null
}

export interface Finding {
  readonly plugin: string
  readonly version: string
  readonly rule: 'yanked' | 'flagged' | 'unapproved' | 'unlisted'
  readonly class: 'security' | 'legal' | 'defect' | 'withdrawn' | null
  readonly reason: string
  /** Where it is no longer approved; of rule `unapproved` only. */
  readonly regions?: readonly string[]
  readonly deadline: string | null
  readonly due: boolean
}

interface Status extends ToldReason {
  readonly id: string
  readonly version: string
  readonly state: string
  readonly enabled: boolean
  readonly since: string
}

/** How requests went lately on the host that answers. */
export interface Health {
  readonly minutes: number
  readonly requests: number
  /** Share of the requests that failed. */
  readonly errorRatio: number
  /** Null without requests. */
  readonly p95Ms: number | null
}

export interface ListedPlugin extends Status {
  /** Its name by locale. */
  readonly title?: Readonly<Record<string, string>>
  readonly regions?: readonly RegionState[]
  readonly previous?: string | null
  readonly owner?: string | null
  /** `percent` of people; null where it is for regions or named people, and a host of before tells none. */
  readonly canary?: { readonly version: string; readonly since: string; readonly percent?: number | null } | null
  readonly uiIncidents?: { readonly lastHour: number }
  /** A host of before tells none. */
  readonly health?: Health
  readonly finding?: Finding | null
  /** Its bytes; a host of before tells none. */
  readonly package?: StoredVersion | null
}

export interface StoredVersion {
  readonly id: string
  readonly version: string
  readonly sha512: string
  readonly source: 'bundled' | 'upload' | 'registry'
  readonly putAt: string
  readonly evidence: ReleaseEvidence | null
  /** False once something of it went on after its stop. */
  readonly hotSwappable?: boolean
  /** What it brings. */
  readonly kinds?: readonly ('ui' | 'backend')[]
  /** Of its files, unpacked; null where this host does not have them. */
  readonly bytes?: number | null
}

export interface RegistryStatus {
  readonly url: string | null
  readonly reachable: boolean | null
  readonly problem: string | null
  /** The problem by its id. */
  readonly told?: Distrust | null
  readonly snapshot: number | null
  readonly issuedAt: string | null
  /** Seconds since the registry confirmed it. */
  readonly age: number | null
  readonly stale: boolean
  readonly source: 'registry' | 'bundle'
}

/** Why not everything runs that should. */
export interface SafeModeReport {
  readonly mode: string
  /** Plugins that are still to be added. */
  readonly waiting: readonly string[]
}

/** A host process, and what it serves of a plugin. */
export interface HostState {
  readonly node: string
  readonly at: string
  readonly version: string | null
  readonly canary: string | null
  /** Why it could not be started there. */
  readonly failed: string | null
  /** Of the failure. */
  readonly causes?: ToldReason['causes']
  /** It serves something else than what is wanted. */
  readonly skew: boolean
}

export interface ListAnswer {
  /** Null in normal operation. */
  readonly safeMode: SafeModeReport | null
  readonly plugins: readonly ListedPlugin[]
  readonly packages: readonly StoredVersion[]
  /** Null where none is configured. */
  readonly registry: RegistryStatus | null
}

export interface CanaryFigures {
  readonly requests: number
  readonly failures: number
  readonly uiErrors: number
  readonly errorRatio: number
  readonly p95Ms: number | null
}

export interface Canary {
  readonly version: string
  readonly since: string
  readonly percent?: number
  readonly regions?: readonly string[]
  readonly subjects?: readonly string[]
  readonly minRequests: number
  readonly minSeconds: number
  readonly budgets: { readonly errorRatio: number; readonly p95Ratio: number; readonly uiErrors: number }
  readonly promote: 'auto' | 'manual'
  readonly elapsedSeconds: number
  readonly figures: { readonly canary: CanaryFigures; readonly before: CanaryFigures }
  readonly verdict: 'wait' | 'over' | 'within'
  readonly explanation: string
}

export interface PluginAnswer extends Status {
  /** Of what is wanted of it: sent back with a change. A host of before tells none. */
  readonly revision?: string
  /** A host of before tells no range. */
  readonly desired?: Partial<Wish> & { readonly waiting?: Waiting | null }
  /** Those of the registry, from the least to the most stable, and which of them the instance follows; null without a registry. */
  readonly channels?: { readonly followed: string; readonly known: readonly string[] } | null
  readonly regions: readonly RegionState[]
  readonly previous: string | null
  readonly rollbackUntil: string | null
  readonly migrations: readonly {
    readonly region: string
    readonly name: string
    readonly state: string
    readonly version: string
    readonly at: string
    readonly error: string | null
  }[]
  readonly nodes: readonly HostState[]
  readonly dependants: readonly string[]
  readonly degradations: readonly { readonly capability: string; readonly explanation?: string }[]
  readonly requestsInFlight: number
  /** A host of before tells none. */
  readonly health?: Health
  readonly canary: Canary | null
  readonly uiIncidents: {
    readonly lastHour: number
    readonly last: { readonly kind?: string; readonly at?: string } | null
  }
  readonly evidence: ReleaseEvidence | null
  readonly finding: Finding | null
  readonly versions: readonly StoredVersion[]
}

/** What an uninstallation would meet, take away and leave. */
export interface Removal {
  /** Installed plugins that stand in its way, the nearest first. */
  readonly dependants: readonly { readonly plugin: string; readonly enabled: boolean }[]
  readonly regions: readonly string[]
  /** Packages that stay in the store. */
  readonly versions: number
  readonly data: readonly { readonly region: string; readonly collections: readonly string[] }[]
}

export interface Usage {
  readonly running: boolean
  readonly pages?: readonly { readonly path: string; readonly permission: string }[]
  readonly extensions?: readonly { readonly point: string; readonly unit: string; readonly owner: string | null }[]
  readonly points?: readonly {
    readonly point: string
    readonly fills: readonly { readonly plugin: string; readonly unit: string }[]
  }[]
  readonly provides?: readonly {
    readonly capability: string
    readonly version: string
    readonly consumers: readonly { readonly plugin: string; readonly range: string; readonly optional: boolean }[]
  }[]
  readonly consumes?: readonly {
    readonly capability: string
    readonly range: string
    readonly optional: boolean
    readonly provider: string | null
  }[]
}

export interface KillOrder {
  readonly id: string
  readonly plugin: string
  readonly version: string | null
  readonly state: 'proposed' | 'active' | 'releasing' | 'released'
  readonly proposal: Act
  readonly confirmation: Act | null
  readonly releaseProposal: Act | null
  readonly releaseConfirmation: Act | null
}

export interface Act {
  readonly by: string
  readonly at: string
  readonly reason?: string
}
