import type { ToldReason } from '@dcesop/sdk-plugin/ui'

/** What the host tells of what happened to a plugin: its journal, and the audit. */

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
