import type { MetricValues } from '../metrics/catalogue.ts'

/** One raw sample as stored. `_id` is `<source>:<seq>`, which makes a row idempotent. */
export interface SampleDocument {
  readonly _id: string
  readonly source: string
  readonly serviceId: string
  readonly at: Date
  readonly ingestedAt: Date
  readonly metrics: MetricValues
  readonly simulated: boolean
}
