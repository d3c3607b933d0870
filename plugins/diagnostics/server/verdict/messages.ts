import { metrics, type MetricId } from '../metrics/catalogue.ts'
import type { Level } from '../metrics/evaluate.ts'

/** Optical power is judged on both sides; this lies between what is too little and what is too much (dBm). */
const middle = -15

/**
 * Plain meaning of a metric's level, for example `metric.opticalRx.critical`. High and low optical power mean different things, and
 * a value that is back, but by less than the margin that ends the level, is not beyond its threshold.
 */
export function levelMessageId(metric: MetricId, level: Level, value: number, threshold: number): string {
  if (level === 'ok') return `metric.${metric}.ok`
  const { better } = metrics[metric]
  const high = better === 'none' && threshold > middle
  const isBack = better === 'down' || high ? value < threshold : value > threshold
  if (isBack) return 'metric.state.held'
  return high ? `metric.${metric}.high` : `metric.${metric}.${level}`
}
