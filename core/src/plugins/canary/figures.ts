/** What is counted of one generation during a canary. Plain data: kept in the database and added up over nodes. */
export interface Figures {
  readonly requests: number
  readonly failures: number
  /** Requests whose handler took most of the time that its route has. */
  readonly slows: number
  readonly uiErrors: number
  /** Requests by response time: bucket n holds those up to `bucketMs(n)`. */
  readonly buckets: Readonly<Record<string, number>>
}

export const noFigures: Figures = { requests: 0, failures: 0, slows: 0, uiErrors: 0, buckets: {} }

const growth = 1.1

/** Upper edge of a bucket in ms: each is 10 % above the one before. */
function bucketMs(bucket: number): number {
  return growth ** bucket
}

/** Counts one generation's requests on this node. */
export class Meter {
  #requests = 0
  #failures = 0
  #slows = 0
  #uiErrors = 0
  readonly #buckets = new Map<number, number>()

  request(failed: boolean, seconds: number, slow = false): void {
    this.#requests += 1
    if (failed) this.#failures += 1
    if (slow) this.#slows += 1
    const bucket = Math.ceil(Math.log(Math.max(seconds * 1000, 1)) / Math.log(growth))
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1)
  }

  uiError(): void {
    this.#uiErrors += 1
  }

  get figures(): Figures {
    const buckets = Object.fromEntries([...this.#buckets].map(([bucket, count]) => [String(bucket), count]))
    const [requests, failures, slows, uiErrors] = [this.#requests, this.#failures, this.#slows, this.#uiErrors]
    return { requests, failures, slows, uiErrors, buckets }
  }
}

export function sum(all: readonly Figures[]): Figures {
  const buckets: Record<string, number> = {}
  for (const { buckets: own } of all)
    for (const [bucket, count] of Object.entries(own)) buckets[bucket] = (buckets[bucket] ?? 0) + count
  // A host of an older release counts no slow ones.
  const total = (field: Exclude<keyof Figures, 'buckets'>) => all.reduce((before, one) => before + (one[field] ?? 0), 0)
  const [requests, failures, slows, uiErrors] = [
    total('requests'),
    total('failures'),
    total('slows'),
    total('uiErrors'),
  ]
  return { requests, failures, slows, uiErrors, buckets }
}

/** Share of failed requests, 0 when there were none. */
export function errorRatio({ requests, failures }: Figures): number {
  return requests === 0 ? 0 : failures / requests
}

/** 95th percentile of the response time in ms, at most 10 % too high; null without requests. */
export function p95({ requests, buckets }: Figures): number | null {
  if (requests === 0) return null
  let seen = 0
  for (const [bucket, count] of Object.entries(buckets).sort(([a], [b]) => Number(a) - Number(b))) {
    seen += count
    if (seen >= requests * 0.95) return bucketMs(Number(bucket))
  }
  return null
}

/** As the administration shows them. */
export function figuresView(figures: Figures) {
  const { requests, failures, uiErrors } = figures
  const slow = p95(figures)
  return {
    requests,
    failures,
    uiErrors,
    errorRatio: errorRatio(figures),
    p95Ms: slow === null ? null : Number(slow.toFixed(1)),
  }
}
