import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { MetricId } from '../metrics/catalogue.ts'
import { worse, type Judgement, type Level } from '../metrics/evaluate.ts'
import type { Evidence, IssueDocument } from './issue.ts'

/** Bad samples in a row that open an issue, and good ones in a row that end it. */
const openAfter = 3
const closeAfter = 3
/** An issue that comes back within this time is the same issue; each return asks for longer calm before it ends. */
const flapWindowMs = 10 * 60_000
const maxDamping = 4

/** What the detector remembers of one metric of one service between samples. */
export interface DetectorState {
  readonly level: Level
  /** Since when the metric has been at this level. */
  readonly since: Date
  readonly badRun: number
  readonly goodRun: number
  /** First sample of the current bad run, or of the good run after it. */
  readonly runStartedAt: Date
  /** The worst level of the current bad run. */
  readonly runLevel?: Level
  /** Evidence of the current bad run, kept until an issue takes it over. */
  readonly evidence?: Evidence
  /** The issue that is open, or that ended last. */
  readonly issue?: IssueDocument
}

export interface DetectorSample {
  readonly metric: MetricId
  readonly value: number
  readonly at: Date
  readonly source: string
  readonly simulated: boolean
}

/**
 * Takes in the next sample, which must be later than the one before.
 * @returns the new state, and the issue when it was opened, changed or ended
 */
export function detect(
  service: Pick<ServiceRecord, 'id' | 'customerId' | 'networkElement'>,
  state: DetectorState | undefined,
  sample: DetectorSample,
  judgement: Judgement,
): { state: DetectorState; changed?: IssueDocument } {
  const bad = judgement.level !== 'ok'
  const continues = state !== undefined && (bad ? state.badRun > 0 : state.goodRun > 0)
  const { evidence: _dropped, runLevel: before = 'ok', ...kept } = state ?? {}
  const evidence = bad ? evidenceOf(sample, judgement, continues ? state?.evidence : undefined) : undefined
  const runLevel = worse(before, judgement.level)
  const next: DetectorState = {
    ...kept,
    level: judgement.level,
    since: state?.level === judgement.level ? state.since : sample.at,
    badRun: bad ? (state?.badRun ?? 0) + 1 : 0,
    goodRun: bad ? 0 : (state?.goodRun ?? 0) + 1,
    runStartedAt: continues ? state.runStartedAt : sample.at,
    ...(evidence === undefined ? {} : { evidence, runLevel }),
  }
  const issue = bad ? openOrUpdate(service, next, sample, runLevel) : close(next)
  return issue === undefined ? { state: next } : { state: { ...next, issue }, changed: issue }
}

function openOrUpdate(
  service: Pick<ServiceRecord, 'id' | 'customerId' | 'networkElement'>,
  state: DetectorState,
  sample: DetectorSample,
  severity: Level,
): IssueDocument | undefined {
  if (state.evidence === undefined || severity === 'ok') return undefined
  const { issue } = state
  if (issue?.endedAt === null) {
    return {
      ...issue,
      severity: worse(issue.severity, severity) as IssueDocument['severity'],
      lastSeenAt: sample.at,
      evidence: combine(issue.evidence, state.evidence),
    }
  }
  if (state.badRun < openAfter) return undefined
  const common = {
    severity,
    lastSeenAt: sample.at,
    endedAt: null,
    evidence: state.evidence,
    simulated: sample.simulated,
  }
  if (issue?.endedAt !== undefined && state.runStartedAt.getTime() - issue.endedAt.getTime() <= flapWindowMs) {
    const { expireAt: _kept, ...reopened } = issue
    return {
      ...reopened,
      ...common,
      severity: worse(issue.severity, severity) as IssueDocument['severity'],
      flaps: issue.flaps + 1,
    }
  }
  return {
    _id: `${service.id}:${sample.metric}:${state.runStartedAt.toISOString()}`,
    serviceId: service.id,
    customerId: service.customerId,
    elementId: service.networkElement.id,
    metric: sample.metric,
    startedAt: state.runStartedAt,
    flaps: 0,
    ...common,
  }
}

function close(state: DetectorState): IssueDocument | undefined {
  const { issue } = state
  if (issue?.endedAt !== null) return undefined
  const needed = closeAfter * Math.min(1 + issue.flaps, maxDamping)
  return state.goodRun >= needed ? { ...issue, endedAt: state.runStartedAt } : undefined
}

function evidenceOf(sample: DetectorSample, judgement: Judgement, run: Evidence | undefined): Evidence {
  const own: Evidence = {
    value: sample.value,
    worst: sample.value,
    threshold: judgement.threshold,
    side: judgement.rule.side,
    ruleId: judgement.rule.id,
    samples: 1,
    source: sample.source,
  }
  return run === undefined ? own : combine(run, { ...own, samples: run.samples + 1 })
}

/** The newer evidence with the worst value of both and what that crossed; an open issue goes on counting. */
function combine(older: Evidence, newer: Evidence): Evidence {
  const { worst, threshold, side, ruleId } = isWorse(newer, older.worst) ? newer : older
  return { ...newer, worst, threshold, side, ruleId, samples: Math.max(older.samples + 1, newer.samples) }
}

function isWorse({ side, worst }: Evidence, than: number): boolean {
  return side === 'below' ? worst < than : worst > than
}
