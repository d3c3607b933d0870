import { errorRatio, type Figures, p95 } from './figures.ts'
import type { CanarySpec } from './spec.ts'

/** What the figures say about a canary, with the sentence that goes into the journal. */
export interface Verdict {
  readonly kind: 'wait' | 'over' | 'within'
  readonly reason: string
}

/** What is measured at the time of judging. */
export interface Measured {
  readonly candidate: Figures
  readonly baseline: Figures
  readonly elapsedSeconds: number
  /** The canary's breaker is open: too many of its requests failed. */
  readonly broken: boolean
}

/** A slower answer below this difference is noise. */
const noiseMs = 10
/** Below this many requests on a side, the 95th percentile is one request. */
const leastForP95 = 20

/** Compares a canary with the version before. Pure. */
export function judge({ minRequests, minSeconds, budgets }: CanarySpec, measured: Measured): Verdict {
  const { candidate, baseline, elapsedSeconds, broken } = measured
  // So bad that nobody needs to wait for the rest.
  if (broken) return { kind: 'over', reason: `too many requests failed: ${inWords(measured)}` }
  if (candidate.uiErrors > budgets.uiErrors)
    return {
      kind: 'over',
      reason: `${candidate.uiErrors} failures of its screens, ${budgets.uiErrors} allowed: ${inWords(measured)}`,
    }
  const missing = [
    ...(candidate.requests < minRequests ? [`${minRequests - candidate.requests} more requests`] : []),
    ...(elapsedSeconds < minSeconds ? [`${Math.ceil(minSeconds - elapsedSeconds)} more seconds`] : []),
  ]
  if (missing.length > 0) return { kind: 'wait', reason: `waits for ${missing.join(' and ')}` }
  const [errors, before] = [errorRatio(candidate), errorRatio(baseline)]
  if (errors > before + budgets.errorRatio)
    return { kind: 'over', reason: `errors above the budget of ${percent(budgets.errorRatio)}: ${inWords(measured)}` }
  const enough = Math.min(candidate.requests, baseline.requests) >= leastForP95
  const [slow, usual] = enough ? [p95(candidate), p95(baseline)] : [null, null]
  if (slow !== null && usual !== null && slow > usual * budgets.p95Ratio && slow - usual > noiseMs)
    return { kind: 'over', reason: `slower than ${budgets.p95Ratio} times the version before: ${inWords(measured)}` }
  return { kind: 'within', reason: `within its budgets: ${inWords(measured)}` }
}

function inWords({ candidate, baseline, elapsedSeconds }: Measured): string {
  const of = (figures: Figures) => {
    const slow = p95(figures)
    return `${figures.requests} requests, ${percent(errorRatio(figures))} failed, p95 ${slow === null ? 'unknown' : `${slow.toFixed(0)} ms`}`
  }
  return `${of(candidate)}; before: ${of(baseline)}; after ${Math.round(elapsedSeconds)} s`
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
