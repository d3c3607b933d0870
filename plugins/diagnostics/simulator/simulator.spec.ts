import { FaultPlan } from './faults.ts'
import { measure } from './measure.ts'
import { missingMoments } from './backfill.ts'
import { dueRows } from './live.ts'
import { Pace } from './pace.ts'
import { normal, uniform, wander } from './random.ts'
import { dailyLoad } from './rhythm.ts'
import { rowAt, type World } from './rows.ts'
import type { SimulatedService, Story } from './service.ts'
import { parseRow } from '../server/ingest/row.ts'
import { judge } from '../server/metrics/evaluate.ts'
import type { MetricId } from '../server/metrics/catalogue.ts'
import { book } from '../server/testing/fixtures.ts'
import { usageCounters } from './usage-counters.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-11-20T15:00:00Z')

function service(index: number, technology: 'mobile' | 'fibre', story?: Story): SimulatedService {
  const element = Math.floor(index / 60)
  return {
    serviceId: `s_${technology}_${index}${story ?? ''}`,
    technology,
    status: story === 'suspended-for-payment' ? 'suspended' : 'active',
    elementId: `${technology === 'mobile' ? 'cell' : 'olt'}-${story ?? element}`,
    elementKind: technology === 'mobile' ? 'cell' : 'olt',
    site: 'Roma Norte',
    promise:
      technology === 'mobile'
        ? { downMbps: 60, upMbps: 15, latencyMs: 50, dataGb: 60 }
        : { downMbps: 300, upMbps: 150, latencyMs: 20 },
    cycleDay: 5,
    timeZone: 'America/Mexico_City',
    ...(story && { story }),
  }
}

function worldOf(services: readonly SimulatedService[], seed = 'test'): World {
  return { seed, region: 'mx', services, plan: new FaultPlan(seed, services) }
}

/** Metrics of a service that are critical at a moment. */
function critical(world: World, one: SimulatedService, at: number): MetricId[] {
  const values = Object.entries(measure(world.seed, world.plan, one, at)?.metrics ?? {}) as [MetricId, number][]
  const level = (metric: MetricId, value: number) => judge(book, one, { metric, value, at: new Date(at) })?.level
  return values.flatMap(([metric, value]) => (level(metric, value) === 'critical' ? [metric] : []))
}

const crowd = Array.from({ length: 600 }, (_, index) => service(index, index % 3 === 0 ? 'fibre' : 'mobile'))

describe('the simulated network', () => {
  it('is the same for the same seed and time, and another for another seed', () => {
    const [one, again, other] = [worldOf(crowd), worldOf(crowd), worldOf(crowd, 'other')]
    const rows = (world: World) => crowd.slice(0, 50).map((item) => rowAt(world, item, noon, noon))
    expect(rows(again)).toEqual(rows(one))
    expect(rows(other)).not.toEqual(rows(one))
  })

  it('gives rows that ingest accepts, all labelled as simulated', () => {
    const stories: Story[] = [
      'weak-indoor-coverage',
      'degraded-fibre-power',
      'mass-incident',
      'cpe-reboots',
      'packet-loss',
      'cell-congestion',
      'near-allowance',
      'heavy-user',
    ]
    const told = stories.flatMap((story, index) => [
      service(9_000 + index, 'mobile', story),
      service(9_100 + index, 'fibre', story),
    ])
    const world = worldOf([...crowd, ...told])
    const faults: unknown[] = []
    for (const one of world.services) {
      for (const hours of [0, 7, 13, 21]) {
        const parsed = parseRow(JSON.stringify(rowAt(world, one, noon + hours * hourMs, noon + hours * hourMs)))
        if ('problem' in parsed) faults.push(parsed.problem)
        else expect(parsed.row.simulated).toBe(true)
      }
    }
    expect(faults).toEqual([])
  })

  it('is mostly well: few of the crowd are critical at any hour', () => {
    const world = worldOf(crowd)
    for (const hours of [0, 6, 12, 18]) {
      const bad = crowd.filter((one) => critical(world, one, noon + hours * hourMs).length > 0)
      expect(bad.length / crowd.length).toBeLessThan(0.1)
    }
  })

  it('is slower in the evening than at night', () => {
    const world = worldOf(crowd)
    const mean = (at: number): number => {
      const rates = crowd
        .filter(({ technology }) => technology === 'mobile')
        .map((one) => measure(world.seed, world.plan, one, at)?.metrics.down ?? 0)
      return rates.reduce((sum, rate) => sum + rate, 0) / rates.length
    }
    const evening = Date.parse('2026-11-20T21:00:00-06:00')
    expect(mean(evening)).toBeLessThan(mean(evening + 7 * hourMs))
    expect(dailyLoad(21)).toBeGreaterThan(dailyLoad(4) * 5)
  })

  it.each<[Story, 'mobile' | 'fibre', MetricId]>([
    ['weak-indoor-coverage', 'mobile', 'rsrp'],
    ['degraded-fibre-power', 'fibre', 'opticalRx'],
    ['cell-congestion', 'mobile', 'down'],
    ['mass-incident', 'fibre', 'loss'],
    ['packet-loss', 'fibre', 'loss'],
  ])('keeps the story %s: its %s service has critical %s', (story, technology, metric) => {
    const one = service(1, technology, story)
    expect(critical(worldOf([one]), one, noon)).toContain(metric)
  })

  it('keeps the healthy story well at every hour of a week', () => {
    const told = [service(1, 'mobile', 'healthy'), service(2, 'fibre', 'healthy')]
    const world = worldOf(told)
    for (let hour = 0; hour < 168; hour += 1)
      for (const one of told) expect(critical(world, one, noon + hour * hourMs)).toEqual([])
  })

  it('restarts the failing CPE several times a day', () => {
    const one = service(1, 'fibre', 'cpe-reboots')
    const world = worldOf([one])
    const uptimes = Array.from(
      { length: 288 },
      (_, index) => measure(world.seed, world.plan, one, noon + index * 300_000)?.metrics.uptime ?? 0,
    )
    const restarts = uptimes.filter((uptime, index) => index > 0 && uptime < (uptimes[index - 1] ?? 0))
    expect(restarts.length).toBeGreaterThanOrEqual(5)
  })

  it('hears nothing of a suspended phone and of a probe that fell silent', () => {
    const [suspended, silent] = [
      service(1, 'mobile', 'suspended-for-payment'),
      service(2, 'mobile', 'silent-telemetry'),
    ]
    const world = worldOf([suspended, silent])
    expect(rowAt(world, suspended, noon, noon)).toBeUndefined()
    expect(rowAt(world, silent, noon, noon)).toBeUndefined()
    expect(rowAt(world, silent, noon - 6 * hourMs, noon)).toBeDefined()
  })

  it('shares a fault among all services of the OLT', () => {
    const many = Array.from({ length: 4_000 }, (_, index) => service(index, 'fibre'))
    const world = worldOf(many)
    const down = many.filter((one) => world.plan.ofElement(one.elementId, 'olt', noon) !== undefined)
    for (const { elementId } of down)
      expect(down.filter((one) => one.elementId === elementId)).toHaveLength(
        many.filter((one) => one.elementId === elementId).length,
      )
  })
})

describe('usage counters', () => {
  it('never go back within a cycle and start again with the next', () => {
    const one = service(1, 'mobile')
    const counters = Array.from(
      { length: 29 * 24 },
      (_, hour) => usageCounters('test', one, Date.parse('2026-11-05T06:00:00Z') + hour * hourMs).dataBytes,
    )
    expect(counters).toEqual(counters.toSorted((a, b) => a - b))
    expect(usageCounters('test', one, Date.parse('2026-12-05T07:00:00Z')).dataBytes).toBeLessThan(counters.at(-1) ?? 0)
  })
})

describe('pace', () => {
  it('measures the watched every two seconds, the affected every thirty, the others every quarter of an hour', () => {
    const calm = service(1, 'fibre', 'healthy')
    const told = service(2, 'fibre', 'packet-loss')
    const world = worldOf([calm, told])
    const counts = (focused: ReadonlySet<string>): number[] => {
      const pace = new Pace('test', world.services, noon)
      const rows = Array.from({ length: 1_800 }, (_, second) =>
        dueRows(world, pace, focused, noon + second * 1_000),
      ).flat()
      return [calm, told].map(({ serviceId }) => rows.filter((row) => row.serviceId === serviceId).length)
    }
    expect(counts(new Set())).toEqual([2, 60])
    expect(counts(new Set([calm.serviceId]))).toEqual([900, 60])
  })
})

describe('missingMoments', () => {
  it.each([
    ['nothing known', undefined, 25],
    ['three hours missing', noon - 3 * hourMs, 3],
    ['nothing missing', noon - 60_000, 0],
    ['more missing than a day', noon - 90 * hourMs, 25],
  ])('%s', (_name, lastAt, expected) => {
    const moments = missingMoments(noon, lastAt, hourMs)
    expect(moments).toHaveLength(expected)
    if (expected > 0) expect(moments.at(-1)).toBe(noon)
  })
})

describe('randomness', () => {
  it('has the mean and spread that it claims', () => {
    const draw = Array.from({ length: 20_000 }, (_, index) => normal('spread', index))
    const mean = draw.reduce((sum, value) => sum + value, 0) / draw.length
    const deviation = Math.sqrt(draw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draw.length)
    expect(mean).toBeCloseTo(0, 1)
    expect(deviation).toBeCloseTo(1, 1)
    const share =
      Array.from({ length: 20_000 }, (_, index) => uniform('share', index)).filter((value) => value < 0.25).length /
      20_000
    expect(share).toBeCloseTo(0.25, 1)
  })

  it('wanders without jumps', () => {
    const steps = Array.from({ length: 1_000 }, (_, index) =>
      Math.abs(wander(index * 1_000, 60_000, 'w') - wander((index + 1) * 1_000, 60_000, 'w')),
    )
    expect(Math.max(...steps)).toBeLessThan(0.2)
  })
})
