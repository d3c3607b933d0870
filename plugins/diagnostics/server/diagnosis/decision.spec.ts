import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { IncidentDocument } from '../issues/incident.ts'
import type { MetricValues } from '../metrics/catalogue.ts'
import { advance } from '../series/latest.ts'
import { book, fibreService, mobileService, sampleAt } from '../testing/fixtures.ts'
import { summarise, type UsageSummary } from '../usage/usage.ts'
import { conclude, type DecidedStep } from './conclude.ts'
import { stepIds } from './document.ts'
import type { Facts } from './facts.ts'
import { decide } from './steps.ts'

const now = new Date('2026-11-20T12:00:00Z')
const wellMobile: MetricValues = { rsrp: -90, rsrq: -10, sinr: 12, down: 35, up: 8, latency: 40, loss: 0 }
const wellFibre: MetricValues = { opticalRx: -19, down: 290, up: 140, latency: 9, loss: 0, uptime: 900_000 }

function facts(service: ServiceRecord, values: MetricValues, change: Partial<Facts> = {}): Facts {
  const samples = [3, 2, 1].map((minutes) =>
    sampleAt(now.getTime() - minutes * 60_000, values, { serviceId: service.id, _id: `p:${minutes}` }),
  )
  return {
    service,
    now,
    freshSince: new Date(now.getTime() - 20 * 60_000),
    book,
    incidents: [],
    measuredNow: true,
    latest: advance(book, service, undefined, samples).latest,
    neighbours: {},
    usage: summarise(service, undefined, [], now),
    ...change,
  }
}

/** Steps as the runner takes them: nothing after the first failure. */
function run(given: Facts): DecidedStep[] {
  const steps: DecidedStep[] = []
  for (const id of stepIds) {
    steps.push({ id, outcome: decide[id](given) })
    if (steps.at(-1)?.outcome.status === 'fail') break
  }
  return steps
}

const incident: IncidentDocument = {
  _id: 'nms:1',
  origin: 'declared',
  elementKind: 'olt',
  elementIds: ['olt-1'],
  site: 'Batel',
  severity: 'critical',
  cause: 'fibre-cut',
  startedAt: new Date('2026-11-20T11:00:00Z'),
  updatedAt: now,
  endedAt: null,
  eta: new Date('2026-11-20T15:00:00Z'),
  services: 60,
  affected: 60,
  simulated: false,
}
const crowd = (median: number) => ({ median, services: 30 })
/** A fibre service that is well but for its CPE, which came up so many times in the last hours. */
function restarted(times: number): Facts {
  const uptimes = [90_000, ...Array.from({ length: times }, () => [60, 3_000]).flat()]
  const samples = uptimes.map((uptime, index) => {
    const at = now.getTime() - (uptimes.length - 1 - index) * 60_000
    return sampleAt(at, { ...wellFibre, uptime }, { serviceId: 's_fibre', _id: `r:${index}` })
  })
  return { ...facts(fibreService(), {}), latest: advance(book, fibreService(), undefined, samples).latest }
}
const used = (share: number): UsageSummary => ({
  serviceId: 's_mobile',
  cycle: { start: now, end: now, timeZone: 'America/Sao_Paulo' },
  allowanceBytes: 60e9,
  usedBytes: share * 60e9,
  at: now,
  topDays: [],
})

describe('guided diagnosis', () => {
  it.each<[string, Facts, string | undefined, string, 'high' | 'medium' | 'low']>([
    ['nothing wrong, mobile', facts(mobileService(), wellMobile), undefined, 'quality', 'medium'],
    ['nothing wrong, fibre', facts(fibreService(), wellFibre), undefined, 'quality', 'medium'],
    [
      'a mass incident comes before everything',
      facts(fibreService({ status: 'suspended' }), {}, { incidents: [incident] }),
      'mass-incident',
      'mass-incident',
      'high',
    ],
    [
      'suspended for payment',
      facts(mobileService({ status: 'suspended', statusReason: 'payment_overdue' }), wellMobile),
      'suspended',
      'subscription',
      'high',
    ],
    [
      'no sign of life',
      facts(fibreService(), {}, { measuredNow: false, latest: undefined }),
      'unreachable',
      'measurement',
      'medium',
    ],
    ['weak signal', facts(mobileService(), { ...wellMobile, rsrp: -119, down: 1 }), 'weak-signal', 'access', 'high'],
    [
      'weak signal on values that could not be refreshed',
      facts(mobileService(), { ...wellMobile, rsrp: -119 }, { measuredNow: false }),
      'weak-signal',
      'access',
      'medium',
    ],
    [
      'interference with good signal',
      facts(mobileService(), { ...wellMobile, sinr: -9, down: 2 }),
      'interference',
      'access',
      'high',
    ],
    [
      'optical power below the receiver',
      facts(fibreService(), { ...wellFibre, opticalRx: -28.4, loss: 9 }),
      'optical-low',
      'access',
      'high',
    ],
    [
      'optical power above the receiver',
      facts(fibreService(), { ...wellFibre, opticalRx: -6 }),
      'optical-high',
      'access',
      'high',
    ],
    [
      'slow together with the neighbours on the cell',
      facts(mobileService(), { ...wellMobile, down: 2 }, { neighbours: { down: crowd(3) } }),
      'cell-congestion',
      'congestion',
      'high',
    ],
    [
      'late together with the neighbours on the OLT',
      facts(fibreService(), { ...wellFibre, latency: 180 }, { neighbours: { latency: crowd(150) } }),
      'olt-congestion',
      'congestion',
      'high',
    ],
    [
      'slow alone',
      facts(fibreService(), { ...wellFibre, down: 20 }, { neighbours: { down: crowd(280) } }),
      'slow-service',
      'throughput',
      'high',
    ],
    [
      'slow with too few neighbours to blame the cell',
      facts(mobileService(), { ...wellMobile, down: 2 }, { neighbours: { down: { median: 3, services: 2 } } }),
      'slow-service',
      'throughput',
      'high',
    ],
    ['a CPE that restarts again and again', restarted(4), 'cpe-restarts', 'cpe', 'high'],
    ['one restart is a suspicion only', restarted(1), 'cpe-restarts', 'quality', 'medium'],
    [
      'slow since the allowance is used up',
      facts(mobileService(), { ...wellMobile, down: 1 }, { usage: used(1.02) }),
      'allowance-exhausted',
      'allowance',
      'high',
    ],
    [
      'an allowance of which a little is left is not used up',
      facts(mobileService(), wellMobile, { usage: used(0.997) }),
      undefined,
      'quality',
      'medium',
    ],
    ['packet loss', facts(fibreService(), { ...wellFibre, loss: 6 }), 'unstable-link', 'quality', 'high'],
    [
      'degraded is a suspicion',
      facts(fibreService(), { ...wellFibre, opticalRx: -25.6 }),
      'optical-low',
      'quality',
      'medium',
    ],
  ])('%s', (_name, given, cause, lastStep, confidence) => {
    const steps = run(given)
    const result = conclude(steps)
    expect({ cause: result.cause, lastStep: steps.at(-1)?.id, confidence: result.confidence }).toEqual({
      cause,
      lastStep,
      confidence,
    })
  })

  it('says since when and shows the value against its threshold', () => {
    const result = conclude(run(facts(fibreService(), { ...wellFibre, opticalRx: -28.4 })))
    expect(result).toMatchObject({
      messageId: 'result.optical-low',
      since: new Date('2026-11-20T11:57:00Z'),
      evidence: [{ metric: 'opticalRx', value: -28.4, threshold: -27, unit: 'dBm', source: 'probe' }],
      nextSteps: ['next.check-connector', 'next.send-technician'],
    })
  })

  it('calls nothing well that it had no time to look at', () => {
    const late = run(facts(fibreService(), wellFibre)).map((step) =>
      step.id === 'access' ? { ...step, outcome: { status: 'timeout', messageId: 'step.timeout' } as const } : step,
    )
    expect(conclude(late)).toMatchObject({ messageId: 'result.incomplete', confidence: 'low' })
    expect(conclude(late).nextSteps[0]).toBe('next.run-again')
  })

  it('never decides on values that are too old', () => {
    const given = facts(fibreService(), { ...wellFibre, opticalRx: -28.4 })
    const stale = { ...given, measuredNow: false, freshSince: now }
    expect(conclude(run(stale)).cause).toBe('unreachable')
    expect(decide.access(stale).status).toBe('skipped')
  })
})

describe('the allowance', () => {
  const step = (usage: UsageSummary) => decide.allowance(facts(mobileService(), wellMobile, { usage }))
  const yesterday = new Date(now.getTime() - 86_400_001)

  it('is not called sufficient by a counter of the day before, and is used up by it all the same', () => {
    expect(step({ ...used(0.5), at: yesterday })).toEqual({ status: 'skipped', messageId: 'step.allowance.stale' })
    expect(step({ ...used(1), at: yesterday }).status).toBe('fail')
  })

  it('of a plan without data is not used up before any is used', () => {
    expect(step({ ...used(0), allowanceBytes: 0 })).toMatchObject({ status: 'ok', values: { percent: 0 } })
    expect(step({ ...used(0.1), allowanceBytes: 0 })).toMatchObject({ status: 'fail', values: { percent: 100 } })
  })
})
