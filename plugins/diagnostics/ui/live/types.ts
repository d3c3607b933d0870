import type { I18n } from '@dcesop/sdk-plugin/ui'

/** How the server judged a value; `stale`, `unknown` and `unjudged` are never shown as good. */
export type TileState = 'ok' | 'degraded' | 'critical' | 'stale' | 'unknown' | 'unjudged'
export type MetricUnit = 'dBm' | 'dB' | 'Mbps' | 'ms' | '%' | 's' | 'B' | 'count'

export interface LiveTile {
  readonly metric: string
  readonly unit: MetricUnit
  readonly state: TileState
  readonly messageId: string
  readonly value?: number
  readonly at?: string
  readonly source?: string
  readonly simulated?: boolean
  readonly threshold?: number
  readonly since?: string
  readonly promised?: number
  /** `share`: of what each one's own plan promises, where the plan sets how much there can be. */
  readonly neighbours?: { readonly median: number; readonly share?: number; readonly services: number }
  /** Quarter-hour means of the last day, `[milliseconds, mean]`. */
  readonly sparkline: readonly (readonly [number, number])[]
}

export interface LiveIssue {
  readonly id: string
  readonly serviceId: string
  readonly metric: string
  readonly unit: MetricUnit
  readonly severity: 'degraded' | 'critical'
  readonly startedAt: string
  readonly lastSeenAt: string
  readonly endedAt: string | null
  readonly messageId: string
  readonly evidence: {
    readonly value: number
    readonly worst: number
    readonly threshold: number
    readonly samples: number
  }
}

export interface LiveIncident {
  readonly id: string
  readonly region: string
  readonly origin: 'detected' | 'declared'
  readonly elementKind: 'cell' | 'olt'
  readonly elementIds: readonly string[]
  readonly site: string
  readonly severity: 'degraded' | 'critical'
  readonly causeId: string
  readonly startedAt: string
  readonly updatedAt: string
  readonly endedAt: string | null
  readonly eta: string | null
  readonly services: number
  readonly affected: number
  readonly simulated: boolean
}

export interface HealthPart {
  readonly part: 'network' | 'usage' | 'billing'
  readonly state: TileState
  readonly messageId: string
  readonly serviceId?: string
  readonly metric?: string
  readonly value?: number
  readonly unit?: MetricUnit
  readonly at?: string
  readonly source?: string
}

export interface LiveService {
  readonly id: string
  readonly label: string
  readonly technology: 'mobile' | 'fibre'
  readonly status: string
  readonly statusReason?: string
  readonly plan: { readonly id: string; readonly name: string }
  readonly element: { readonly kind: 'cell' | 'olt'; readonly id: string; readonly site: string }
  readonly timeZone: string
  readonly simulated: boolean
  readonly tiles: readonly LiveTile[]
  readonly issues: readonly LiveIssue[]
}

/** Answer of `GET /customers/{region}/{customerId}/live`. */
export interface LiveView {
  readonly region: string
  readonly customerId: string
  readonly at: string
  readonly staleAfterSeconds: number
  readonly incidents: readonly LiveIncident[]
  readonly health: { readonly state: TileState; readonly messageId: string; readonly parts: readonly HealthPart[] }
  readonly services: readonly LiveService[]
}

export type LiveMessage =
  | {
      readonly type: 'sample'
      readonly serviceId: string
      readonly tiles: readonly Omit<LiveTile, 'sparkline' | 'unit'>[]
    }
  | { readonly type: 'issue'; readonly issue: LiveIssue }

export type DisplayUnit = Parameters<I18n['unit']>[1]
