import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { IncidentDocument } from '../issues/incident.ts'
import { metrics, type MetricId } from '../metrics/catalogue.ts'
import { judge, type Judgement } from '../metrics/evaluate.ts'
import type { ThresholdBook } from '../metrics/threshold-rules.ts'
import type { LatestDocument, MetricState } from '../series/latest.ts'
import type { UsageSummary } from '../usage/usage.ts'
import type { NeighbourMedians } from '../verdict/neighbours.ts'
import type { Measured } from './document.ts'

/** What is known when a step decides. Everything was read before; steps are pure. */
export interface Facts {
  readonly service: ServiceRecord
  readonly now: Date
  readonly freshSince: Date
  readonly book: ThresholdBook
  readonly incidents: readonly IncidentDocument[]
  /** True when a sample arrived after it was asked for, or a moment before. */
  readonly measuredNow: boolean
  readonly latest: LatestDocument | undefined
  readonly neighbours: NeighbourMedians
  readonly usage: UsageSummary
}

/** A fresh value with its judgement; undefined when there is none or it is too old to decide on. */
export interface Finding {
  readonly metric: MetricId
  readonly state: MetricState
  readonly judgement: Judgement | undefined
  readonly measured: Measured
}

export function finding(facts: Facts, metric: MetricId): Finding | undefined {
  const state = facts.latest?.metrics[metric]
  if (state === undefined || state.at < facts.freshSince) return undefined
  const subject = { technology: facts.service.technology, promise: facts.service.plan.promise }
  const { value, at, source, simulated } = state
  const { level, evidence } = state.detector ?? {}
  const judgement = judge(facts.book, subject, { metric, value, at }, level, evidence?.side)
  const threshold = judgement === undefined ? {} : { threshold: judgement.threshold }
  return {
    metric,
    state,
    judgement,
    measured: { metric, value, unit: metrics[metric].unit, at, source, simulated, ...threshold },
  }
}

/** How the neighbours' median stands to this service's thresholds. */
export function judgeNeighbours(facts: Facts, metric: MetricId, atLeast: number): Judgement | undefined {
  const neighbours = facts.neighbours[metric]
  if (neighbours === undefined || neighbours.services < atLeast) return undefined
  const subject = { technology: facts.service.technology, promise: facts.service.plan.promise }
  return judge(facts.book, subject, { metric, value: neighbours.median, at: facts.now })
}
