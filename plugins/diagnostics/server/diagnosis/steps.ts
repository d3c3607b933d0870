import type { MetricId } from '../metrics/catalogue.ts'
import type { Cause, StepId, StepOutcome } from './document.ts'
import { usageFreshMs, usedPercent } from '../usage/usage.ts'
import { finding, judgeNeighbours, type Facts, type Finding } from './facts.ts'

const minNeighbours = 5
const warnPercent = 80

/** The decision of every step, from facts alone. A step that cannot apply to the service is `skipped`. */
export const decide: Readonly<Record<StepId, (facts: Facts) => StepOutcome>> = {
  'mass-incident': massIncident,
  subscription,
  measurement,
  access,
  congestion,
  cpe,
  allowance,
  throughput: (facts) => metricStep(facts, 'throughput', ['down', 'up'], 'slow-service'),
  quality: (facts) => metricStep(facts, 'quality', ['loss', 'latency'], 'unstable-link'),
}

function massIncident({ incidents }: Facts): StepOutcome {
  const [incident] = incidents
  if (incident === undefined) return { status: 'ok', messageId: 'step.mass-incident.ok' }
  return {
    status: 'fail',
    messageId: incident.eta === null ? 'step.mass-incident.fail' : 'step.mass-incident.failEta',
    values: {
      site: incident.site,
      affected: incident.affected,
      ...(incident.eta === null ? {} : { eta: incident.eta.toISOString() }),
    },
    cause: 'mass-incident',
    since: incident.startedAt,
  }
}

function subscription({ service }: Facts): StepOutcome {
  if (service.status === 'active') return { status: 'ok', messageId: 'step.subscription.ok' }
  const reason =
    service.status === 'suspended' && service.statusReason === 'payment_overdue' ? 'overdue' : service.status
  return { status: 'fail', messageId: `step.subscription.${reason}`, cause: 'suspended' }
}

function measurement(facts: Facts): StepOutcome {
  if (facts.measuredNow) return { status: 'ok', messageId: 'step.measurement.ok' }
  const last = facts.latest?.at
  if (last !== undefined && last >= facts.freshSince) {
    return { status: 'timeout', messageId: 'step.measurement.timeout', values: { at: last.toISOString() } }
  }
  const known = last === undefined ? {} : { values: { at: last.toISOString() }, since: last }
  return {
    status: 'fail',
    messageId: last === undefined ? 'step.measurement.never' : 'step.measurement.fail',
    cause: 'unreachable',
    ...known,
  }
}

function access(facts: Facts): StepOutcome {
  if (facts.service.technology === 'mobile') {
    const cover = metricStep(facts, 'access', ['rsrp'], 'weak-signal')
    if (cover.status !== 'ok' && cover.status !== 'skipped') return cover
    const radio = metricStep(facts, 'access', ['sinr', 'rsrq'], 'interference')
    return cover.status === 'ok' && radio.status === 'skipped' ? cover : withMore(radio, cover)
  }
  const optical = finding(facts, 'opticalRx')
  const high = optical?.judgement?.rule.side === 'above' && optical.judgement.level !== 'ok'
  return metricStep(facts, 'access', ['opticalRx'], high ? 'optical-high' : 'optical-low')
}

function congestion(facts: Facts): StepOutcome {
  const kind = facts.service.networkElement.kind
  const cause: Cause = kind === 'cell' ? 'cell-congestion' : 'olt-congestion'
  const judged = (['down', 'latency'] as const).flatMap((metric) => {
    const own = finding(facts, metric)
    const neighbours = judgeNeighbours(facts, metric, minNeighbours)
    return own === undefined || neighbours === undefined ? [] : [{ own, neighbours, metric }]
  })
  if (judged.length === 0) return { status: 'skipped', messageId: 'step.congestion.skipped' }
  const shared = judged.find(({ own, neighbours }) => isBad(own) && neighbours.level !== 'ok')
  const [shown = judged[0]] = shared === undefined ? judged : [shared]
  const metric = shown?.metric ?? 'down'
  const values = {
    metric,
    median: round(facts.neighbours[metric]?.median ?? 0),
    services: facts.neighbours[metric]?.services ?? 0,
  }
  const measured = judged.map(({ own }) => own.measured)
  if (shared === undefined) return { status: 'ok', messageId: `step.congestion.ok.${kind}`, values, measured }
  const status = shared.own.judgement?.level === 'critical' ? 'fail' : 'warn'
  return {
    status,
    messageId: `step.congestion.bad.${kind}.${shared.metric}`,
    values,
    measured,
    cause,
    ...sinceOf(shared.own),
  }
}

function cpe(facts: Facts): StepOutcome {
  if (facts.service.technology !== 'fibre') return { status: 'skipped', messageId: 'step.cpe.skipped' }
  const [uptime, restarts] = [finding(facts, 'uptime'), finding(facts, 'restarts')]
  if (uptime === undefined || restarts === undefined) return { status: 'skipped', messageId: 'step.cpe.unknown' }
  const measured = [restarts.measured, uptime.measured]
  const { value } = restarts.state
  if (value === 0) return { status: 'ok', messageId: 'step.cpe.ok', measured }
  const status = isBad(restarts) ? 'fail' : 'warn'
  const values = { restarts: value }
  return { status, messageId: 'step.cpe.restarts', values, measured, cause: 'cpe-restarts', ...sinceOf(restarts) }
}

function allowance({ usage, now }: Facts): StepOutcome {
  if (usage.allowanceBytes === undefined) return { status: 'skipped', messageId: 'step.allowance.unlimited' }
  if (usage.usedBytes === undefined || usage.at === undefined)
    return { status: 'skipped', messageId: 'step.allowance.unknown' }
  const used = usedPercent(usage.usedBytes, usage.allowanceBytes)
  // Never rounded up: 99.7 % is not used up.
  const [percent, age] = [Math.floor(used), now.getTime() - usage.at.getTime()]
  const values = { percent }
  if (percent >= 100)
    return { status: 'fail', messageId: 'step.allowance.exhausted', values, cause: 'allowance-exhausted' }
  // A counter only grows: one that is too old proves that an allowance is used up, and not that some is left.
  if (age > usageFreshMs) return { status: 'skipped', messageId: 'step.allowance.stale' }
  return { status: 'ok', messageId: percent >= warnPercent ? 'step.allowance.near' : 'step.allowance.ok', values }
}

/** The first bad one of the metrics decides; `critical` is a cause, `degraded` a suspicion. */
function metricStep(facts: Facts, step: StepId, metrics: readonly MetricId[], cause: Cause): StepOutcome {
  const findings = metrics.map((metric) => finding(facts, metric)).filter((found) => found?.judgement !== undefined)
  const known = findings as Finding[]
  if (known.length === 0) return { status: 'skipped', messageId: `step.${step}.unknown` }
  const measured = known.map((found) => found.measured)
  const worst = known.find((found) => found.judgement?.level === 'critical') ?? known.find(isBad)
  if (worst === undefined) return { status: 'ok', messageId: `step.${step}.ok`, measured }
  const status = worst.judgement?.level === 'critical' ? 'fail' : 'warn'
  return {
    status,
    messageId: `step.${step}.${cause}`,
    measured: [worst.measured, ...measured.filter((one) => one !== worst.measured)],
    cause,
    ...sinceOf(worst),
  }
}

const isBad = (found: Finding): boolean => found.judgement !== undefined && found.judgement.level !== 'ok'

/** Since when: the open issue knows better than the last change of level. */
function sinceOf({ state }: Finding): { since?: Date } {
  const { detector } = state
  if (detector === undefined || detector.level === 'ok') return {}
  return { since: detector.issue?.endedAt === null ? detector.issue.startedAt : detector.since }
}

function withMore(outcome: StepOutcome, other: StepOutcome): StepOutcome {
  return { ...outcome, measured: [...(outcome.measured ?? []), ...(other.measured ?? [])] }
}

const round = (value: number): number => Math.round(value * 10) / 10
