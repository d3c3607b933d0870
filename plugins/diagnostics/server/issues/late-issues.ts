import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { MetricId } from '../metrics/catalogue.ts'
import { judge } from '../metrics/evaluate.ts'
import type { ThresholdBook } from '../metrics/threshold-rules.ts'
import type { LatestDocument } from '../series/latest.ts'
import { inOrder, type SampleDocument } from '../series/sample.ts'
import type { Stores } from '../stores.ts'
import { detect, type DetectorState } from './detector.ts'
import type { IssueDocument } from './issue.ts'

/** From how long before the first late sample the past is gone through again: what was bad then may have begun earlier. */
const lookBackMs = 3_600_000
/** A dense source has so many samples in an hour and more. */
const mostSamples = 10_000

/** When late samples of one metric that are bad were measured. */
interface LateSpan {
  readonly metric: MetricId
  readonly moments: readonly number[]
}

/**
 * Issues that had ended when samples of them came in, after newer ones: the newest state only goes forward, so that stretch of the past
 * is gone through again from the raw samples. What is known of that time already, or goes on, is left to the newest state.
 */
export async function lateIssues(
  stores: Stores,
  book: ThresholdBook,
  service: ServiceRecord,
  known: LatestDocument | undefined,
  samples: readonly SampleDocument[],
): Promise<IssueDocument[]> {
  const found: IssueDocument[] = []
  for (const { metric, moments } of lateSpans(book, service, known, samples)) {
    const newest = known?.metrics[metric]?.at
    if (newest === undefined) continue
    const first = moments.reduce((earliest, at) => Math.min(earliest, at))
    const from = new Date(first - lookBackMs)
    const past = await stores.samples
      .find({ serviceId: service.id, at: { $gte: from, $lte: newest }, [`metrics.${metric}`]: { $exists: true } })
      .sort({ at: 1 })
      .limit(mostSamples)
      .toArray()
    for (const issue of endedIn(book, service, metric, past)) {
      const isLate = moments.some((at) => at >= issue.startedAt.getTime() && at <= issue.lastSeenAt.getTime())
      if (isLate && !(await isKnown(stores, issue))) found.push(issue)
    }
  }
  return found
}

function lateSpans(
  book: ThresholdBook,
  service: ServiceRecord,
  known: LatestDocument | undefined,
  samples: readonly SampleDocument[],
): LateSpan[] {
  const moments = new Map<MetricId, number[]>()
  for (const { at, metrics } of samples) {
    for (const [metric, value] of Object.entries(metrics) as [MetricId, number][]) {
      const newest = known?.metrics[metric]?.at
      if (newest === undefined || at >= newest || !isBad(book, service, { metric, value, at })) continue
      const late = moments.get(metric)
      if (late) late.push(at.getTime())
      else moments.set(metric, [at.getTime()])
    }
  }
  return [...moments].map(([metric, list]) => ({ metric, moments: list }))
}

function isBad(
  book: ThresholdBook,
  { technology, plan }: ServiceRecord,
  value: { metric: MetricId; value: number; at: Date },
): boolean {
  return (judge(book, { technology, promise: plan.promise }, value)?.level ?? 'ok') !== 'ok'
}

/** The issues of one metric that begin and end within the samples, which are those of one service. */
function endedIn(
  book: ThresholdBook,
  service: ServiceRecord,
  metric: MetricId,
  samples: readonly SampleDocument[],
): IssueDocument[] {
  const subject = { technology: service.technology, promise: service.plan.promise }
  const issues = new Map<string, IssueDocument>()
  let state: DetectorState | undefined
  for (const { at, source, simulated, metrics } of samples.toSorted(inOrder)) {
    const value = metrics[metric] ?? Number.NaN
    const judgement = judge(book, subject, { metric, value, at }, state?.level, state?.evidence?.side)
    if (judgement === undefined) continue
    const next = detect(service, state, { metric, value, at, source, simulated }, judgement)
    state = next.state
    if (next.changed) issues.set(next.changed._id, next.changed)
  }
  // Newer good samples are known, be they too few to end it.
  const open = state?.issue
  if (state?.level === 'ok' && open?.endedAt === null) issues.set(open._id, { ...open, endedAt: state.runStartedAt })
  return [...issues.values()].filter(({ endedAt }) => endedAt !== null)
}

/** Whether another issue tells of that time; the same one grows with what comes in of it. */
async function isKnown(
  stores: Stores,
  { _id, serviceId, metric, startedAt, endedAt }: IssueDocument,
): Promise<boolean> {
  const beside = await stores.issues.findOne({
    _id: { $ne: _id },
    serviceId,
    metric,
    startedAt: { $lte: endedAt as Date },
    $or: [{ endedAt: null }, { endedAt: { $gte: startedAt } }],
  })
  return beside !== null
}
