import type { Technology } from '@dcesop/sdk-plugin/contracts'

/** `up`: more is better. `down`: less is better. `none`: a counter or a level that is judged by rules on both sides. */
export type Direction = 'up' | 'down' | 'none'
export type Unit = 'dBm' | 'dB' | 'Mbps' | 'ms' | '%' | 's' | 'B' | 'count'

export interface MetricDefinition {
  readonly unit: Unit
  readonly technologies: readonly Technology[]
  readonly better: Direction
  /** Closed interval outside which a value is an error of the source and is refused. */
  readonly plausible: readonly [number, number]
  /** Performance shown as a tile, or a usage counter since the start of the billing cycle. */
  readonly kind: 'performance' | 'usage'
  /** Computed from another metric; sources do not send it and it has no series. */
  readonly derived?: true
  /** The plan sets how much there can be: services compare by the share of what their plans promise. */
  readonly setByPlan?: true
}

const mobile = ['mobile'] as const
const fibre = ['fibre'] as const
const both = ['mobile', 'fibre'] as const

/**
 * Every metric that the platform takes in, by id. Radio ranges are the reporting ranges of 3GPP TS 38.133 (10.1.6, 10.1.11,
 * 10.1.16: SS-RSRP -156..-31 dBm, SS-RSRQ -43..20 dB, SS-SINR -23..40 dB), which contain those of LTE (TS 36.133 9.1).
 * Optical power is the span that an SFF-8472 receiver reports (-40..8.2 dBm).
 */
export const metrics = {
  rsrp: { unit: 'dBm', technologies: mobile, better: 'up', plausible: [-156, -31], kind: 'performance' },
  rsrq: { unit: 'dB', technologies: mobile, better: 'up', plausible: [-43, 20], kind: 'performance' },
  sinr: { unit: 'dB', technologies: mobile, better: 'up', plausible: [-23, 40], kind: 'performance' },
  opticalRx: { unit: 'dBm', technologies: fibre, better: 'none', plausible: [-40, 8.2], kind: 'performance' },
  down: {
    unit: 'Mbps',
    technologies: both,
    better: 'up',
    plausible: [0, 100_000],
    kind: 'performance',
    setByPlan: true,
  },
  up: {
    unit: 'Mbps',
    technologies: both,
    better: 'up',
    plausible: [0, 100_000],
    kind: 'performance',
    setByPlan: true,
  },
  latency: { unit: 'ms', technologies: both, better: 'down', plausible: [0, 60_000], kind: 'performance' },
  loss: { unit: '%', technologies: both, better: 'down', plausible: [0, 100], kind: 'performance' },
  uptime: { unit: 's', technologies: fibre, better: 'up', plausible: [0, 1e9], kind: 'performance' },
  /** Restarts of the CPE in the last 24 hours, from falls of its uptime. */
  restarts: {
    unit: 'count',
    technologies: fibre,
    better: 'down',
    plausible: [0, 100_000],
    kind: 'performance',
    derived: true,
  },
  dataBytes: { unit: 'B', technologies: both, better: 'none', plausible: [0, 1e15], kind: 'usage' },
  voiceSeconds: { unit: 's', technologies: both, better: 'none', plausible: [0, 1e8], kind: 'usage' },
  smsCount: { unit: 'count', technologies: mobile, better: 'none', plausible: [0, 1e7], kind: 'usage' },
} as const satisfies Record<string, MetricDefinition>

export type MetricId = keyof typeof metrics
export type MetricValues = Partial<Record<MetricId, number>>

export const metricIds = Object.keys(metrics) as MetricId[]

/** Metrics that sources send. */
export const measuredIds = metricIds.filter((id) => !('derived' in metrics[id]))

/** Performance metrics of a technology, in the order in which a person reads them. */
export function performanceMetrics(technology: Technology): MetricId[] {
  return metricIds.filter((id) => metrics[id].kind === 'performance' && supports(id, technology))
}

/** Whether services on different plans compare by the share of what their plans promise, not by the value. */
export function isSetByPlan(id: MetricId): boolean {
  return 'setByPlan' in metrics[id]
}

export function supports(id: MetricId, technology: Technology): boolean {
  return (metrics[id].technologies as readonly Technology[]).includes(technology)
}
