import type { MassIncidentRule } from '../config.ts'
import type { MetricId } from '../metrics/catalogue.ts'
import { worse } from '../metrics/evaluate.ts'
import type { IncidentDocument } from './incident.ts'
import type { IssueDocument } from './issue.ts'

/**
 * Metrics whose decline on many services at once is an outage of what they share. Throughput and delay are not among them: many slow
 * services are congestion, which the diagnosis names as such.
 */
export const outageMetrics: readonly MetricId[] = ['loss', 'opticalRx', 'rsrp', 'uptime']

/** What tells that a service is bad. */
export type Trouble = Pick<IssueDocument, 'serviceId' | 'startedAt' | 'severity' | 'simulated'>

/** What is known about one cell or OLT at a moment. */
export interface ElementState {
  readonly kind: 'cell' | 'olt'
  readonly id: string
  readonly site: string
  /** Services on it. */
  readonly services: number
  /** Open issues of those services, and their silence. */
  readonly troubles: readonly Trouble[]
}

/**
 * Decides whether a detected incident of the element opens, goes on or ends. It opens when at least `minServices` and at least
 * `openShare` of the services are bad, and ends below `closeShare`; between the two it stays as it is.
 * @param declared network operations declared one for the element: a detected one beside it would say the same twice
 * @returns the incident to store, or undefined when there is nothing to change
 */
export function assessElement(
  rule: MassIncidentRule,
  element: ElementState,
  open: IncidentDocument | undefined,
  now: Date,
  declared = false,
): IncidentDocument | undefined {
  const bad = new Set(element.troubles.map(({ serviceId }) => serviceId))
  const share = element.services === 0 ? 0 : bad.size / element.services
  if (open !== undefined) {
    if (declared || share < rule.closeShare) return { ...open, affected: bad.size, updatedAt: now, endedAt: now }
    // It does not ease while it lasts: what network operations say of it may be worse than what is measured.
    const severity = worse(open.severity, severityOf(element.troubles)) as IncidentDocument['severity']
    const isSame = open.affected === bad.size && open.services === element.services && open.severity === severity
    return isSame ? undefined : { ...open, affected: bad.size, services: element.services, severity, updatedAt: now }
  }
  if (declared || bad.size === 0 || bad.size < rule.minServices || share < rule.openShare) return undefined
  const startedAt = medianStart(element.troubles)
  return {
    _id: `auto:${element.id}:${startedAt.toISOString()}`,
    origin: 'detected',
    elementKind: element.kind,
    elementIds: [element.id],
    site: element.site,
    severity: severityOf(element.troubles),
    cause: 'unknown',
    startedAt,
    updatedAt: now,
    endedAt: null,
    eta: null,
    services: element.services,
    affected: bad.size,
    simulated: element.troubles.every((trouble) => trouble.simulated),
  }
}

function severityOf(troubles: readonly Trouble[]): IncidentDocument['severity'] {
  return troubles.reduce<IncidentDocument['severity']>(
    (severity, trouble) => worse(severity, trouble.severity) as IncidentDocument['severity'],
    'degraded',
  )
}

/** The middle start: single services that were bad long before do not date the incident. */
function medianStart(troubles: readonly Trouble[]): Date {
  const starts = troubles.map((trouble) => trouble.startedAt.getTime()).sort((a, b) => a - b)
  return new Date(starts[Math.floor((starts.length - 1) / 2)] ?? 0)
}
