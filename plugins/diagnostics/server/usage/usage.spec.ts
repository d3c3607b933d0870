import type { LatestDocument } from '../series/latest.ts'
import type { RollUpDocument } from '../series/roll-up-document.ts'
import { mobileService } from '../testing/fixtures.ts'
import { project } from './projection.ts'
import { dailyIncrements, summarise } from './usage.ts'

const gb = 1e9
const zone = 'America/Sao_Paulo'
const now = new Date('2026-11-15T15:00:00Z')

/** Hour buckets from pairs of time and counter. */
function hours(...counters: [at: string, gigabytes: number][]): RollUpDocument[] {
  const days = Map.groupBy(counters, ([at]) => at.slice(0, 10))
  return [...days].map(([day, entries]) => ({
    _id: day,
    serviceId: 's_mobile',
    start: new Date(`${day}T00:00:00Z`),
    slots: Object.fromEntries(
      entries.map(([at, gigabytes]) => {
        const value = gigabytes * gb
        return [
          String(new Date(at).getUTCHours()),
          { dataBytes: { count: 1, sum: value, min: value, max: value, last: value, lastAt: new Date(at) } },
        ]
      }),
    ),
  }))
}

function latest(at: string, gigabytes: number): LatestDocument {
  const state = { value: gigabytes * gb, at: new Date(at), source: 'charging', simulated: false }
  return {
    _id: 's_mobile',
    customerId: 'c_one',
    technology: 'mobile',
    elementId: 'cell-1',
    site: 'x',
    at: state.at,
    level: 'ok',
    metrics: { dataBytes: state },
  }
}

describe('dailyIncrements', () => {
  const cycleStart = new Date('2026-11-05T03:00:00Z')
  it('is the growth of the counter by local day', () => {
    const buckets = hours(
      ['2026-11-05T12:00:00Z', 1],
      ['2026-11-06T02:30:00Z', 2],
      ['2026-11-06T03:30:00Z', 2.5],
      ['2026-11-07T12:00:00Z', 4],
    )
    expect(dailyIncrements(buckets, cycleStart, zone)).toEqual([
      { day: '2026-11-05', bytes: 2 * gb },
      { day: '2026-11-06', bytes: 0.5 * gb },
      { day: '2026-11-07', bytes: 1.5 * gb },
    ])
  })

  it('leaves out a day whose start is not known, rather than giving it the whole gap', () => {
    const buckets = hours(['2026-11-05T12:00:00Z', 1], ['2026-11-08T12:00:00Z', 9], ['2026-11-09T12:00:00Z', 10])
    expect(dailyIncrements(buckets, cycleStart, zone).map(({ day }) => day)).toEqual(['2026-11-05', '2026-11-09'])
  })

  it('does not count the cycle before', () => {
    expect(dailyIncrements(hours(['2026-11-05T02:00:00Z', 50], ['2026-11-05T12:00:00Z', 1]), cycleStart, zone)).toEqual(
      [{ day: '2026-11-05', bytes: gb }],
    )
  })
})

describe('summarise', () => {
  it('shows use, allowance and a projection from the counter of this cycle', () => {
    const usage = summarise(mobileService(), latest('2026-11-15T03:00:00Z', 20), [], now)
    expect(usage).toMatchObject({
      usedBytes: 20 * gb,
      allowanceBytes: 60 * gb,
      source: 'charging',
      projection: { basis: 'assumed' },
    })
    expect(usage.projection?.value).toBeCloseTo(60 * gb, -3)
  })

  it('does not take the day on which the counter fell silent for a whole one', () => {
    const buckets = hours(
      ...Array.from({ length: 5 }, (_, index): [string, number] => [`2026-11-0${index + 5}T20:00:00Z`, 2 * index + 2]),
      ['2026-11-10T04:00:00Z', 10.1],
    )
    const usage = summarise(mobileService(), latest('2026-11-10T04:00:00Z', 10.1), buckets, now)
    // Five days of 2 GB each: no spread.
    expect(usage.projection).toMatchObject({ basis: 'observed', low: usage.projection?.value })
  })

  it('does not take the counter of the last cycle for this one', () => {
    expect(summarise(mobileService(), latest('2026-11-05T02:59:00Z', 55), [], now).usedBytes).toBeUndefined()
  })

  it('does not take a counter of the cycle to come, by a clock that is ahead', () => {
    const eve = new Date('2026-12-05T02:58:00Z')
    expect(summarise(mobileService(), latest('2026-12-05T03:01:00Z', 0.1), [], eve).usedBytes).toBeUndefined()
  })

  it('has no allowance for an unlimited plan', () => {
    const service = mobileService({ plan: { id: 'max', name: 'Max', promise: { downMbps: 100 } } })
    expect(summarise(service, latest('2026-11-15T03:00:00Z', 20), [], now).allowanceBytes).toBeUndefined()
  })
})

describe('project', () => {
  it('follows the mean and is narrow for even days', () => {
    expect(project(50, 10, 20, [5, 5, 5, 5, 5, 5])).toEqual({ value: 150, low: 150, high: 150, basis: 'observed' })
  })

  it('widens with the spread of the days', () => {
    const projected = project(50, 10, 20, [1, 9, 2, 8, 5, 5])
    expect(projected.value).toBe(150)
    expect(projected.high - projected.low).toBeGreaterThan(60)
  })

  it('never falls below what is used already', () => {
    expect(project(50, 5, 10, [0, 200, 0, 0, 50]).low).toBe(50)
  })
})
