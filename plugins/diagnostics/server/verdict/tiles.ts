import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { metrics, performanceMetrics, type MetricId, type Unit } from '../metrics/catalogue.ts'
import { promised, type Level } from '../metrics/evaluate.ts'
import type { LatestDocument, MetricState } from '../series/latest.ts'
import { levelMessageId } from './messages.ts'
import type { NeighbourMedian, NeighbourMedians } from './neighbours.ts'

/** `unjudged`: measured, and neither good nor bad for it. */
export type TileState = Level | 'stale' | 'unknown' | 'unjudged'

/** One metric of one service as the agent sees it. */
export interface Tile {
  readonly metric: MetricId
  readonly unit: Unit
  readonly state: TileState
  /** Plain meaning of the state. */
  readonly messageId: string
  readonly value?: number
  readonly at?: Date
  readonly source?: string
  readonly simulated?: boolean
  readonly threshold?: number
  /** Since when the metric has been at this level. */
  readonly since?: Date
  readonly promised?: number
  readonly neighbours?: NeighbourMedian
}

/** Tiles of a service in reading order; a metric without a fresh sample says so and is never `ok`. */
export function tilesOf(
  service: ServiceRecord,
  latest: LatestDocument | undefined,
  neighbours: NeighbourMedians,
  freshSince: Date,
): Tile[] {
  return performanceMetrics(service.technology).map((metric) => {
    const promise = promised(metric, service.plan.promise)
    const median = neighbours[metric]
    return {
      metric,
      unit: metrics[metric].unit,
      ...measured(metric, latest?.metrics[metric], freshSince, service.status),
      ...(promise === undefined ? {} : { promised: promise }),
      ...(median === undefined ? {} : { neighbours: median }),
    }
  })
}

function measured(
  metric: MetricId,
  state: MetricState | undefined,
  freshSince: Date,
  status: ServiceRecord['status'],
): Pick<Tile, 'state' | 'messageId' | 'value' | 'at' | 'source' | 'simulated' | 'threshold' | 'since'> {
  if (state === undefined) return { state: 'unknown', messageId: 'metric.state.unknown' }
  const { value, at, source, simulated, threshold } = state
  const shown = { value, at, source, simulated, ...(threshold === undefined ? {} : { threshold }) }
  if (at < freshSince) return { ...shown, state: 'stale', messageId: 'metric.state.stale' }
  return { ...shown, ...judged(metric, state, status) }
}

/**
 * What a fresh value means. One without a threshold is neither good nor bad; nor is one within its threshold on a service that is
 * switched off: it does not say that the service works, while one beyond it tells of a fault that is there also afterwards.
 */
export function judged(
  metric: MetricId,
  { value, threshold, detector }: MetricState,
  status: ServiceRecord['status'],
): Pick<Tile, 'state' | 'messageId' | 'since'> {
  if (detector === undefined || threshold === undefined)
    return { state: 'unjudged', messageId: 'metric.state.unjudged' }
  const { level, since } = detector
  if (level === 'ok' && status !== 'active') return { state: 'unjudged', messageId: 'metric.state.inactive' }
  return { state: level, since, messageId: levelMessageId(metric, level, value, threshold) }
}
