import type { ServiceRecord, Technology } from '@dcesop/sdk-plugin/contracts'
import { detect, type DetectorState } from '../issues/detector.ts'
import type { IssueDocument } from '../issues/issue.ts'
import { isSetByPlan, metrics, type MetricId } from '../metrics/catalogue.ts'
import { judge, promised, worse, type Level } from '../metrics/evaluate.ts'
import type { ThresholdBook } from '../metrics/threshold-rules.ts'
import { restartMoments } from './restarts.ts'
import { inOrder, type SampleDocument } from './sample.ts'

/** The last value of one metric and what the detector knows about it. */
export interface MetricState {
  readonly value: number
  readonly at: Date
  readonly source: string
  /** Of the sample; of those of one moment it tells which is the last. */
  readonly sampleId?: string
  /** When it came in, for a sample of a clock that is ahead. */
  readonly cameAt?: Date
  readonly simulated: boolean
  /** Threshold of the judgement in the metric's unit; absent where no rule applies. */
  readonly threshold?: number
  readonly detector?: DetectorState
  /** Of a metric that the plan sets: what the plan promised when it was measured. */
  readonly promised?: number
  /** For `restarts`: when the CPE came up in the last 24 hours. */
  readonly moments?: readonly Date[]
}

/** The newest state of one service; one document, so that neighbours are read with one query. */
export interface LatestDocument {
  /** Service id. */
  readonly _id: string
  readonly customerId: string
  readonly technology: Technology
  readonly elementId: string
  readonly site: string
  /** Time of the newest sample. */
  readonly at: Date
  readonly level: Level
  readonly metrics: Partial<Record<MetricId, MetricState>>
}

export interface Advanced {
  readonly latest: LatestDocument
  /** Issues that were opened, changed or ended, each in its last state. */
  readonly issues: readonly IssueDocument[]
}

/**
 * Takes the samples of one service into its newest state. Values that are not newer than the known one of their metric are left
 * out, so taking a sample in twice changes nothing. Where two sources contradict one another about one moment, the worse value stays.
 */
export function advance(
  book: ThresholdBook,
  service: ServiceRecord,
  known: LatestDocument | undefined,
  samples: readonly SampleDocument[],
): Advanced {
  const states: Partial<Record<MetricId, MetricState>> = { ...known?.metrics }
  const issues = new Map<string, IssueDocument>()
  let at = known?.at ?? new Date(0)
  for (const sample of samples.toSorted((a, b) => heardAt(a) - heardAt(b) || inOrder(a, b))) {
    if (sample.at > at) at = sample.at
    const restarted = restartMoments(states, sample)
    const values = { ...sample.metrics, ...(restarted && { restarts: restarted.length }) }
    for (const [metric, value] of Object.entries(values) as [MetricId, number][]) {
      const before = states[metric]
      const { state, changed } = next(book, service, before, metric, value, sample)
      if (before !== undefined && !replaces(state, before)) continue
      states[metric] = metric === 'restarts' && restarted ? { ...state, moments: restarted } : state
      if (changed !== undefined) issues.set(changed._id, changed)
    }
  }
  const latest: LatestDocument = {
    _id: service.id,
    customerId: service.customerId,
    technology: service.technology,
    elementId: service.networkElement.id,
    site: service.networkElement.site,
    at,
    level: Object.values(states).reduce<Level>((worst, state) => worse(worst, state.detector?.level ?? 'ok'), 'ok'),
    metrics: states,
  }
  return { latest, issues: [...issues.values()] }
}

/** When a sample counts as measured, ms: a clock that is ahead must not outdo what others measure meanwhile. */
function heardAt({ at, ingestedAt }: Pick<SampleDocument, 'at' | 'ingestedAt'>): number {
  return Math.min(at.getTime(), ingestedAt.getTime())
}

function replaces(state: MetricState, known: MetricState): boolean {
  const [level, other] = [state.detector?.level ?? 'ok', known.detector?.level ?? 'ok']
  const contradict = state.at.getTime() === known.at.getTime() && state.source !== known.source && level !== other
  return contradict ? worse(level, other) === level : isNewer(state, known)
}

function isNewer(state: MetricState, known: MetricState): boolean {
  const later = (state.cameAt ?? state.at).getTime() - (known.cameAt ?? known.at).getTime()
  if (later !== 0 || state.sampleId === undefined || known.sampleId === undefined) return later > 0
  return inOrder({ _id: state.sampleId, at: state.at }, { _id: known.sampleId, at: known.at }) > 0
}

function next(
  book: ThresholdBook,
  service: ServiceRecord,
  before: MetricState | undefined,
  metric: MetricId,
  value: number,
  sample: SampleDocument,
): { state: MetricState; changed?: IssueDocument } {
  const { at, source, simulated } = sample
  const promise = isSetByPlan(metric) ? promised(metric, service.plan.promise) : undefined
  const plain = {
    value,
    at,
    source,
    simulated,
    sampleId: sample._id,
    ...(sample.ingestedAt < at && { cameAt: sample.ingestedAt }),
    ...(promise !== undefined && { promised: promise }),
  }
  if (metrics[metric].kind === 'usage') return { state: plain }
  const subject = { technology: service.technology, promise: service.plan.promise }
  const { level, evidence } = before?.detector ?? {}
  const judgement = judge(book, subject, { metric, value, at }, level, evidence?.side)
  if (judgement === undefined) return { state: plain, ...endedBy(sample, before?.detector?.issue) }
  const detected = detect(service, before?.detector, { metric, ...plain }, judgement)
  const state = { ...plain, threshold: judgement.threshold, detector: detected.state }
  return detected.changed === undefined ? { state } : { state, changed: detected.changed }
}

/** Where no rule applies any more, for example after a change of plan, no good value will ever end what is open. */
function endedBy({ at }: SampleDocument, issue: IssueDocument | undefined): { changed?: IssueDocument } {
  return issue?.endedAt === null ? { changed: { ...issue, endedAt: at } } : {}
}
