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

/** What is known about one cell or OLT at a moment. */
export interface ElementState {
  readonly kind: 'cell' | 'olt'
  readonly id: string
  readonly site: string
  /** Services on it. */
  readonly services: number
  /** Open issues of those services. */
  readonly issues: readonly IssueDocument[]
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
  const bad = Map.groupBy(element.issues, (issue) => issue.serviceId)
  const share = element.services === 0 ? 0 : bad.size / element.services
  if (open !== undefined) {
    if (declared || share < rule.closeShare) return { ...open, affected: bad.size, updatedAt: now, endedAt: now }
    // It does not ease while it lasts: what network operations say of it may be worse than what is measured.
    const severity = worse(open.severity, severityOf(element.issues)) as IncidentDocument['severity']
    const isSame = open.affected === bad.size && open.services === element.services && open.severity === severity
    return isSame ? undefined : { ...open, affected: bad.size, services: element.services, severity, updatedAt: now }
  }
  const [first] = element.issues
  if (declared || first === undefined || bad.size < rule.minServices || share < rule.openShare) return undefined
  const startedAt = medianStart(element.issues)
  return {
    _id: `auto:${element.id}:${startedAt.toISOString()}`,
    origin: 'detected',
    elementKind: element.kind,
    elementIds: [element.id],
    site: element.site,
    severity: severityOf(element.issues),
    cause: 'unknown',
    startedAt,
    updatedAt: now,
    endedAt: null,
    eta: null,
    services: element.services,
    affected: bad.size,
    simulated: element.issues.every((issue) => issue.simulated),
  }
}

function severityOf(issues: readonly IssueDocument[]): IncidentDocument['severity'] {
  return issues.reduce<IncidentDocument['severity']>(
    (severity, issue) => worse(severity, issue.severity) as IncidentDocument['severity'],
    'degraded',
  )
}

/** The middle start: single services that were bad long before do not date the incident. */
function medianStart(issues: readonly IssueDocument[]): Date {
  const starts = issues.map((issue) => issue.startedAt.getTime()).sort((a, b) => a - b)
  return new Date(starts[Math.floor((starts.length - 1) / 2)] ?? 0)
}
