import { because, type Reason, together } from '../journal/reasons.ts'
import { errorRatio, type Figures, p95 } from './figures.ts'
import type { CanarySpec } from './spec.ts'

/** What the figures say about a canary, with the reason that goes into the journal. */
export interface Verdict {
  readonly kind: 'wait' | 'over' | 'within'
  readonly why: Reason
}

/** What is measured at the time of judging. */
export interface Measured {
  readonly candidate: Figures
  readonly baseline: Figures
  readonly elapsedSeconds: number
  /** The canary's breaker is open: too many of its requests failed. */
  readonly broken: boolean
  /** The canary says that it is unwell, and the version before that it is well. */
  readonly unwell?: boolean
}

/** A slower answer below this difference is noise. */
const noiseMs = 10
/** Below this many requests on a side, the 95th percentile is one request. */
const leastForP95 = 20

/** Compares a canary with the version before. Pure. */
export function judge({ minRequests, minSeconds, budgets }: CanarySpec, measured: Measured): Verdict {
  const { candidate, baseline, elapsedSeconds, broken, unwell = false } = measured
  const figures = figuresOf(measured)
  const over = (why: Reason): Verdict => ({ kind: 'over', why: together(': ', why, figures) })
  // So bad that nobody needs to wait for the rest.
  if (unwell) return over(because('canary_unwell'))
  if (broken) return over(because('canary_broken'))
  const allowed = budgets.uiErrors + usualUiErrors(candidate, baseline)
  if (candidate.uiErrors > allowed) return over(because('canary_screens', { failures: candidate.uiErrors, allowed }))
  const missing = {
    requests: Math.max(0, minRequests - candidate.requests),
    seconds: Math.max(0, Math.ceil(minSeconds - elapsedSeconds)),
  }
  if (missing.requests > 0 || missing.seconds > 0) return { kind: 'wait', why: because('canary_waits', missing) }
  const [errors, before] = [errorRatio(candidate), errorRatio(baseline)]
  if (errors > before + budgets.errorRatio) return over(because('canary_errors', { budget: budgets.errorRatio }))
  const enough = Math.min(candidate.requests, baseline.requests) >= leastForP95
  const [slow, usual] = enough ? [p95(candidate), p95(baseline)] : [null, null]
  if (slow !== null && usual !== null && slow > usual * budgets.p95Ratio && slow - usual > noiseMs)
    return over(because('canary_slow', { ratio: budgets.p95Ratio }))
  return { kind: 'within', why: together(': ', because('canary_within'), figures) }
}

/** Failures of screens that the version before has in as many requests: what browsers and their add-ons break in any version. */
function usualUiErrors(candidate: Figures, { requests, uiErrors }: Figures): number {
  return requests === 0 ? 0 : Math.ceil((uiErrors * candidate.requests) / requests)
}

function figuresOf({ candidate, baseline, elapsedSeconds }: Measured): Reason {
  return because('canary_figures', {
    requests: candidate.requests,
    failed: errorRatio(candidate),
    p95: p95Text(candidate),
    requestsBefore: baseline.requests,
    failedBefore: errorRatio(baseline),
    p95Before: p95Text(baseline),
    seconds: Math.round(elapsedSeconds),
  })
}

function p95Text(figures: Figures): string {
  return p95(figures)?.toFixed(0) ?? 'none'
}
