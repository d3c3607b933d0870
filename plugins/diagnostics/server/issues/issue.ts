import type { Level } from '../metrics/evaluate.ts'
import type { MetricId } from '../metrics/catalogue.ts'
import type { ThresholdRule } from '../metrics/threshold-rules.ts'

/** A detected problem of one service and metric, with what proves it. */
export interface IssueDocument {
  /** `<serviceId>:<metric>:<ISO start>`: the same samples give the same issue, so detection can be repeated. */
  readonly _id: string
  readonly serviceId: string
  readonly customerId: string
  readonly elementId: string
  readonly metric: MetricId
  /** The worst level so far. */
  readonly severity: Exclude<Level, 'ok'>
  /** First bad sample. */
  readonly startedAt: Date
  readonly lastSeenAt: Date
  /** First good sample of the recovery; null while open. */
  readonly endedAt: Date | null
  /** How often it came back soon after it had ended. */
  readonly flaps: number
  readonly evidence: Evidence
  readonly simulated: boolean
  readonly expireAt?: Date
}

export interface Evidence {
  /** Value of the last bad sample, and the worst one. */
  readonly value: number
  readonly worst: number
  /** The threshold that the worst one crossed, in the metric's unit, and on which side of it a value is bad. */
  readonly threshold: number
  readonly side: ThresholdRule['side']
  readonly ruleId: string
  /** Bad samples counted. */
  readonly samples: number
  readonly source: string
}
