import { metrics, type MetricId } from '../metrics/catalogue.ts'
import type { Level } from '../metrics/evaluate.ts'

/** Plain meaning of a metric's level, for example `metric.opticalRx.critical`. High and low optical power mean different things. */
export function levelMessageId(metric: MetricId, level: Level, value: number, threshold: number): string {
  const tooHigh = level !== 'ok' && metrics[metric].better === 'none' && value > threshold - 1 && threshold > -15
  return tooHigh ? `metric.${metric}.high` : `metric.${metric}.${level}`
}
