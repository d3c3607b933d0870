import type { MetricId, Unit } from '../metrics/catalogue.ts'

export const stepIds = [
  'mass-incident',
  'subscription',
  'measurement',
  'access',
  'congestion',
  'cpe',
  'allowance',
  'throughput',
  'quality',
] as const
export type StepId = (typeof stepIds)[number]

export const causes = [
  'mass-incident',
  'suspended',
  'unreachable',
  'weak-signal',
  'interference',
  'optical-low',
  'optical-high',
  'cell-congestion',
  'olt-congestion',
  'cpe-restarts',
  'allowance-exhausted',
  'slow-service',
  'unstable-link',
] as const
export type Cause = (typeof causes)[number]

/** A number that a step looked at, with the threshold that it was held against. */
export interface Measured {
  readonly metric: MetricId
  readonly value: number
  readonly unit: Unit
  readonly at: Date
  readonly source: string
  readonly simulated: boolean
  readonly threshold?: number
}

export interface StepOutcome {
  readonly status: 'ok' | 'warn' | 'fail' | 'skipped' | 'timeout'
  /** Plain meaning, with the values of its placeholders. */
  readonly messageId: string
  readonly values?: Readonly<Record<string, string | number>>
  readonly measured?: readonly Measured[]
  /** For `warn` and `fail`: what it points to, and since when. */
  readonly cause?: Cause
  readonly since?: Date
}

export type Step = { readonly id: StepId } & (
  | { readonly status: 'pending' }
  | { readonly status: 'running'; readonly startedAt: Date }
  | (StepOutcome & { readonly startedAt: Date; readonly endedAt: Date })
)

export interface DiagnosisResult {
  /** Absent when nothing was found. */
  readonly cause?: Cause
  readonly messageId: string
  readonly values?: Readonly<Record<string, string | number>>
  readonly since?: Date
  readonly evidence: readonly Measured[]
  /** Message ids of what to do, first thing first. */
  readonly nextSteps: readonly string[]
  readonly confidence: 'high' | 'medium' | 'low'
}

export interface DiagnosisDocument {
  readonly _id: string
  readonly customerId: string
  readonly serviceId: string
  /** Subject that asked for it. */
  readonly requestedBy: string
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly steps: readonly Step[]
  readonly result: DiagnosisResult | null
  readonly expireAt: Date
}

/** A run that did not end in this time was cut off, for example by a restart. */
const longestRunMs = 15_000

/** A diagnosis as the route and the realtime topic show it. */
export function diagnosisView(region: string, diagnosis: DiagnosisDocument, now: Date): Record<string, unknown> {
  const { _id, expireAt: _internal, requestedBy: _by, ...shown } = diagnosis
  const cutOff = diagnosis.endedAt === null && now.getTime() - diagnosis.startedAt.getTime() > longestRunMs
  const state = diagnosis.endedAt !== null ? 'done' : cutOff ? 'interrupted' : 'running'
  return { id: _id, region, state, ...shown }
}
