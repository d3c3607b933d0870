import type { PlanPromise, Technology } from '@dcesop/sdk-plugin/contracts'
import type { MetricId } from './catalogue.ts'
import type { ThresholdBook, ThresholdRule } from './threshold-rules.ts'

export type Level = 'ok' | 'degraded' | 'critical'

/** How a value stands to the thresholds in force at its time. */
export interface Judgement {
  readonly level: Level
  /** The threshold that decided, in the metric's unit; for `ok` the nearest one that would degrade it. */
  readonly threshold: number
  readonly rule: ThresholdRule
}

export interface Subject {
  readonly technology: Technology
  readonly promise: PlanPromise
}

const rank: Record<Level, number> = { ok: 0, degraded: 1, critical: 2 }

/** The worse of two levels. */
export function worse(a: Level, b: Level): Level {
  return rank[a] >= rank[b] ? a : b
}

/**
 * Judges a value by the rules in force at `at`. A level once reached is left only when the value is back by the rule's margin,
 * so that a value on the edge does not flicker.
 * @param side on which the previous level was reached, where it is known: too little does not hold what would be too much
 * @returns undefined where no rule applies, for example throughput of a plan that promises none
 */
export function judge(
  book: ThresholdBook,
  subject: Subject,
  sample: { readonly metric: MetricId; readonly value: number; readonly at: Date },
  previous: Level = 'ok',
  side?: ThresholdRule['side'],
): Judgement | undefined {
  const heldBy = (rule: ThresholdRule): Level => (side === undefined || side === rule.side ? previous : 'ok')
  const judgements = book
    .at(sample.metric, subject.technology, sample.at)
    .map((rule) => judgeByRule(rule, promised(sample.metric, subject.promise), sample.value, heldBy(rule)))
    .filter((judgement) => judgement !== undefined)
  const [first, ...rest] = judgements
  if (first === undefined) return undefined
  return rest.reduce((worst, next) => (preferable(next, worst, sample.value) ? next : worst), first)
}

/** What the plan promises for a metric, in the metric's unit; plans without data promise 0, which no value can fall short of. */
export function promised(metric: MetricId, promise: PlanPromise): number | undefined {
  const { downMbps: down, upMbps: up, latencyMs: latency } = promise
  const values: Partial<Record<MetricId, number | undefined>> = { down, up, latency }
  return values[metric] === 0 ? undefined : values[metric]
}

function judgeByRule(
  rule: ThresholdRule,
  promise: number | undefined,
  value: number,
  previous: Level,
): Judgement | undefined {
  if (rule.relativeToPromise === true && promise === undefined) return undefined
  const scale = rule.relativeToPromise === true && promise !== undefined ? promise : 1
  const sign = rule.side === 'below' ? 1 : -1
  /** Bad when at or beyond the threshold; while in a level, the threshold moves away by the margin. */
  const beyond = (threshold: number, held: boolean): boolean =>
    sign * value <= sign * threshold * scale + (held ? rule.margin * scale : 0)
  const degraded = rule.degraded * scale
  if (rule.critical !== undefined && beyond(rule.critical, previous === 'critical')) {
    return { level: 'critical', threshold: rule.critical * scale, rule }
  }
  if (beyond(rule.degraded, previous !== 'ok')) return { level: 'degraded', threshold: degraded, rule }
  return { level: 'ok', threshold: degraded, rule }
}

function preferable(next: Judgement, than: Judgement, value: number): boolean {
  if (rank[next.level] !== rank[than.level]) return rank[next.level] > rank[than.level]
  return Math.abs(next.threshold - value) < Math.abs(than.threshold - value)
}
