import type { MetricUnit } from '../live/types.ts'

export interface Measured {
  readonly metric: string
  readonly value: number
  readonly unit: MetricUnit
  readonly at: string
  readonly source: string
  readonly simulated: boolean
  readonly threshold?: number
}

export interface DiagnosisStep {
  readonly id: string
  readonly status: 'pending' | 'running' | 'ok' | 'warn' | 'fail' | 'skipped' | 'timeout'
  readonly messageId?: string
  readonly values?: Readonly<Record<string, string | number>>
  readonly measured?: readonly Measured[]
  readonly startedAt?: string
  readonly endedAt?: string
}

export interface DiagnosisResult {
  readonly cause?: string
  readonly messageId: string
  readonly values?: Readonly<Record<string, string | number>>
  readonly since?: string
  readonly evidence: readonly Measured[]
  readonly nextSteps: readonly string[]
  readonly confidence: 'high' | 'medium' | 'low'
}

/** Answer of `GET /diagnoses/{region}/{id}`. */
export interface Diagnosis {
  readonly id: string
  readonly region: string
  readonly serviceId: string
  readonly state: 'running' | 'done' | 'interrupted'
  readonly startedAt: string
  readonly endedAt: string | null
  readonly steps: readonly DiagnosisStep[]
  readonly result: DiagnosisResult | null
}

export type DiagnosisMessage =
  | { readonly id: string; readonly step: DiagnosisStep }
  | { readonly id: string; readonly result: DiagnosisResult; readonly endedAt: string }
