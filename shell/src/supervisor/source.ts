import type { UiUnit } from '@dcesop/sdk-plugin/ui'
import type { UnitRef } from '../feed/feed.ts'

/** Where a unit comes from now, or why there is none. */
export type UnitSource =
  | { readonly kind: 'available'; readonly ref: UnitRef; load(): Promise<UiUnit> }
  | {
      readonly kind: 'unavailable'
      readonly ref: UnitRef
      readonly state: string
      readonly cause?: string | undefined
      readonly since: string
    }

/** What the fallback card says. */
export type CardReason = 'load' | 'mount' | 'crash' | 'timeout' | 'context' | 'quarantine' | 'unavailable'

export interface CardContent {
  readonly ref: UnitRef
  readonly reason: CardReason
  /** State of the plugin on the host when it is unavailable. */
  readonly state?: string
  /** Code of the host's reason for that state. */
  readonly cause?: string | undefined
  /** How it failed the last time, for one in quarantine. */
  readonly last?: Incident['phase'] | undefined
  /** ISO time. */
  readonly since: string
  /** Names the failure in the incident report. */
  readonly incident?: string
  /** Absent when trying again cannot help. */
  retry?(): void
}

export interface Incident {
  readonly id: string
  readonly plugin: string
  readonly version: string
  readonly unit: string
  readonly phase: Exclude<CardReason, 'quarantine' | 'unavailable'>
  readonly message: string
  readonly at: string
  /** Whether the plugin is off for the session now. */
  readonly quarantined?: boolean
}
