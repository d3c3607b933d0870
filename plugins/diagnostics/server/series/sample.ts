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

/**
 * Order of samples: by time, and of one moment by source and sequence. Sources that tell time in seconds send several rows of one, and
 * the one that was sent last is the last.
 */
export function inOrder(a: Pick<SampleDocument, '_id' | 'at'>, b: Pick<SampleDocument, '_id' | 'at'>): number {
  return a.at.getTime() - b.at.getTime() || inOrderOfIds(a._id, b._id)
}

/** Order of `<source>:<seq>`. */
function inOrderOfIds(a: string, b: string): number {
  const [source, other] = [a.slice(0, a.lastIndexOf(':')), b.slice(0, b.lastIndexOf(':'))]
  if (source !== other) return source < other ? -1 : 1
  return Number(a.slice(source.length + 1)) - Number(b.slice(source.length + 1))
}
