import type { RegionDecision, ReleaseEvidence } from '@dcesop/sdk-plugin/contracts'
import type { ToldReason } from '@dcesop/sdk-plugin/ui'
import type { CheckFinding } from '../text/check-finding.ts'
import type { Distrust } from '../text/distrust.ts'

/** Answers of the host's administration API, as far as the screens read them. */

/** Which versions are wanted; null for both where the version moves when somebody asks. */
export interface Wish {
  readonly range: string | null
  readonly pinned: { readonly reason: string; readonly since: string } | null
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

export interface ListedPlugin extends Status {
  /** Its name by locale. */
  readonly title?: Readonly<Record<string, string>>
  readonly regions?: readonly RegionState[]
  readonly previous?: string | null
  readonly owner?: string | null
  readonly canary?: { readonly version: string; readonly since: string } | null
  readonly uiIncidents?: { readonly lastHour: number }
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

export interface OfferedVersion {
  readonly plugin: string
  readonly package: string
  readonly publisher: string
  readonly version: string
  readonly channel: string
  readonly yank: { readonly class: string; readonly reason: string; readonly deadline: string | null } | null
  readonly flags: readonly string[]
  readonly approvedIn: readonly string[]
  readonly barrier: { readonly rule: string; readonly sentence: string } | null
  /** What it brings, as the registry says; null where it does not, and of a host of before none. */
  readonly kinds?: readonly ('ui' | 'backend')[] | null
  /** Of its files, unpacked. */
  readonly bytes?: number | null
}

export interface ReleasesAnswer {
  readonly configured: boolean
  readonly channel: string | null
  readonly releases: readonly OfferedVersion[]
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
  /** A host of before tells no range. */
  readonly desired?: Partial<Wish> & { readonly waiting?: Waiting | null }
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

/** How the report of an incident to the plugin's publisher stands; `at` is when it ended, null while it waits. */
export interface IncidentStatus {
  readonly state: 'waiting' | 'reported' | 'refused' | 'given_up'
  readonly at: string | null
}

export interface Transition extends ToldReason {
  readonly sequence: number
  readonly version: string
  readonly from: string | null
  readonly to: string
  readonly at: string
  /** Null where nothing is reported. */
  readonly report: IncidentStatus | null
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

export interface AuditRecord {
  readonly sequence: number
  readonly at: string
  readonly action: string
  readonly outcome: 'allowed' | 'denied' | 'failed'
  readonly actor: { readonly subject: string; readonly kind: string }
  /** Which noted it itself. */
  readonly plugin?: string
  readonly reason?: string
  readonly region?: string
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export interface AuditAnswer {
  readonly records: readonly AuditRecord[]
  /** By id, the people among the actors whose names the reader may know; a host of before tells none. */
  readonly names?: Readonly<Record<string, string>>
}

export interface CheckResult {
  readonly check: string
  readonly state: string
  readonly enforced: boolean
  readonly findings: readonly CheckFinding[]
}

export interface RegistryVersion {
  readonly package: string
  readonly version: string
  readonly manifest: Manifest | null
  readonly checks: readonly CheckResult[]
  readonly channel: string
  readonly flags: readonly string[]
  readonly approvals: readonly RegionDecision[]
  readonly provenance: {
    readonly publishedBy: string
    readonly publishedAt: string
    readonly signers: readonly string[]
    readonly integrity: string
    readonly signatures: readonly { readonly keyid: string }[]
    readonly size: number | { readonly packed?: number; readonly unpacked?: number }
  }
  readonly advisories: readonly { readonly title?: string; readonly severity?: string }[]
  readonly history: readonly {
    readonly seq: number
    readonly at: string
    readonly kind: string
    readonly actor: string
  }[]
}

export interface Advisory {
  readonly plugin: string
  readonly version: string
  readonly title: string
  readonly severity: string
  readonly url?: string
  readonly vulnerable_versions: string
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

export interface PermissionRequest {
  readonly cap: string
  readonly resource?: string
  readonly fields?: readonly string[]
  readonly purpose?: string
  readonly region?: string
  readonly reasonKey: string
}

/** The parts of a manifest that a decision is about. */
export interface Manifest {
  readonly id: string
  readonly version: string
  readonly permissions?: {
    readonly requests?: readonly PermissionRequest[]
    readonly defines?: readonly { readonly id: string; readonly sensitivity: string }[]
  }
  readonly backend?: {
    readonly isolation?: string
    readonly routes?: readonly { readonly method: string; readonly path: string; readonly permission: string }[]
    readonly events?: { readonly publishes?: readonly string[]; readonly subscribes?: readonly string[] }
  }
  readonly data?: { readonly collections?: readonly string[]; readonly schemaVersion?: number }
  readonly provides?: Readonly<Record<string, unknown>>
  readonly consumes?: readonly { readonly capability: string; readonly range: string }[]
  readonly ui?: {
    readonly pages?: readonly { readonly path: string }[]
    readonly extensions?: readonly { readonly point: string; readonly id: string }[]
    readonly points?: readonly { readonly id: string }[]
    readonly csp?: {
      readonly connect?: readonly string[]
      readonly img?: readonly string[]
      readonly font?: readonly string[]
    }
  }
  readonly config?: { readonly schema?: JsonSchema }
  readonly support?: { readonly owner?: string; readonly contact?: string; readonly licence?: string }
  readonly engines?: { readonly dcesop: string }
  readonly criticality?: string
}

/** The keywords that a screen reads. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly enum?: readonly unknown[]
  readonly items?: JsonSchema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | object
  readonly patternProperties?: object
}
