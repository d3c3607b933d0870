import type { MetricState } from './latest.ts'
import type { SampleDocument } from './sample.ts'

const spanMs = 24 * 3_600_000

/**
 * When the CPE came up within 24 hours before the sample: what was known, and one more when its uptime is shorter than in the
 * sample before. Restarts between two samples count as one.
 * @returns undefined for a sample without uptime
 */
export function restartMoments(
  known: { readonly uptime?: MetricState; readonly restarts?: MetricState },
  sample: Pick<SampleDocument, 'at' | 'metrics'>,
): readonly Date[] | undefined {
  const { uptime } = sample.metrics
  if (uptime === undefined) return undefined
  const recent = (known.restarts?.moments ?? []).filter((moment) => moment.getTime() > sample.at.getTime() - spanMs)
  const fell = known.uptime !== undefined && known.uptime.at < sample.at && uptime < known.uptime.value
  return fell ? [...recent, new Date(sample.at.getTime() - uptime * 1000)] : recent
}
