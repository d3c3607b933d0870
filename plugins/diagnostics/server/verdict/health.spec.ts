import type { MetricValues } from '../metrics/catalogue.ts'
import { advance } from '../series/latest.ts'
import { book, fibreService, mobileService, sampleAt } from '../testing/fixtures.ts'
import { billingPart, healthOf, networkPart, usagePart } from './health.ts'
import { median } from './neighbours.ts'
import { tilesOf } from './tiles.ts'

const now = new Date('2026-11-20T12:00:00Z')
const fresh = new Date('2026-11-20T11:40:00Z')
const service = fibreService()

function tiles(values: MetricValues, at = now, of = service): ReturnType<typeof tilesOf> {
  const samples = Object.keys(values).length === 0 ? [] : [sampleAt(at, values, { serviceId: service.id })]
  const latest = samples.length === 0 ? undefined : advance(book, service, undefined, samples).latest
  return tilesOf(of, latest, {}, fresh)
}
const network = (values: MetricValues, at = now) => networkPart([{ service, tiles: tiles(values, at) }])

describe('health', () => {
  it.each([
    ['good values', { opticalRx: -19, loss: 0 }, now, 'ok'],
    ['one bad value', { opticalRx: -28, loss: 0 }, now, 'critical'],
    ['good values that are too old', { opticalRx: -19 }, new Date('2026-11-20T11:39:00Z'), 'stale'],
    ['bad values that are too old', { opticalRx: -28 }, new Date('2026-11-20T11:39:00Z'), 'stale'],
    ['no values at all', {}, now, 'unknown'],
  ])('of the network with %s', (_name, values, at, expected) => {
    expect(network(values, at).state).toBe(expected)
  })

  it('is not green while one of two services is silent', () => {
    const silent = { service: mobileService(), tiles: tilesOf(mobileService(), undefined, {}, fresh) }
    const part = networkPart([{ service, tiles: tiles({ opticalRx: -19 }) }, silent])
    expect(part).toMatchObject({ state: 'unknown', serviceId: 's_mobile' })
  })

  it('is not green on values that nothing was held against', () => {
    const plain = fibreService({ plan: { id: 'p', name: 'P', promise: {} } })
    const { latest } = advance(book, plain, undefined, [sampleAt(now, { down: 3, up: 1 })])
    const unjudged = tilesOf(plain, latest, {}, fresh)
    expect(networkPart([{ service: plain, tiles: unjudged }])).toMatchObject({ state: 'unknown' })
  })

  it('tells no value as good that nothing was held against, nor one of a service that is switched off', () => {
    const plain = fibreService({ plan: { id: 'p', name: 'P', promise: {} } })
    const off = fibreService({ status: 'suspended' })
    const { latest } = advance(book, plain, undefined, [sampleAt(now, { down: 3 })])
    const stateOf = (metric: string, tilesOfIt: ReturnType<typeof tilesOf>) =>
      tilesOfIt.find((tile) => tile.metric === metric)?.state
    expect(stateOf('down', tilesOf(plain, latest, {}, fresh))).toBe('unjudged')
    expect(stateOf('opticalRx', tiles({ opticalRx: -19 }, now, off))).toBe('unjudged')
    expect(stateOf('opticalRx', tiles({ opticalRx: -28 }, now, off))).toBe('critical')
  })

  it('says that there is nothing to measure where no service is active', () => {
    const suspended = { service: { ...service, status: 'suspended' as const }, tiles: tiles({ opticalRx: -19 }, now) }
    expect(networkPart([suspended])).toEqual({
      part: 'network', state: 'unknown', messageId: 'health.network.inactive',
    }) // oxfmt-ignore
  })

  it('carries number, unit, time and source of what decided', () => {
    expect(network({ opticalRx: -28, loss: 0 })).toMatchObject({
      metric: 'opticalRx',
      value: -28,
      unit: 'dBm',
      at: now,
      source: 'probe',
    })
  })

  it('does not call an allowance that runs out a failure, unless there is one', () => {
    const ok = billingPart([service], now)
    const low = { part: 'usage', state: 'degraded', messageId: 'health.usage.degraded' } as const
    expect(healthOf([network({ opticalRx: -19 }), low, ok]).messageId).toBe('health.runningOut')
    expect(healthOf([network({ opticalRx: -26 }), low, ok]).messageId).toBe('health.degraded')
    expect(healthOf([network({ opticalRx: -28 }), low, ok]).messageId).toBe('health.critical')
  })

  it('is as good as its worst part', () => {
    const ok = billingPart([service], now)
    expect(healthOf([network({ opticalRx: -19 }), ok]).state).toBe('ok')
    expect(healthOf([network({}), ok]).state).toBe('unknown')
    expect(
      healthOf([
        network({}),
        billingPart([fibreService({ status: 'suspended', statusReason: 'payment_overdue' })], now),
      ]),
    ).toMatchObject({ state: 'critical' })
    expect(healthOf([]).state).toBe('unknown')
    const suspended = billingPart([fibreService({ status: 'suspended' })], now)
    expect(healthOf([ok, suspended])).toMatchObject({ state: 'critical', messageId: 'health.suspended' })
    expect(healthOf([{ ...ok, part: 'network', state: 'critical' }, suspended]).messageId).toBe('health.critical')
  })

  it.each([
    [0.5, 'ok'],
    [0.85, 'degraded'],
    [1, 'critical'],
  ])('of usage at a share of %d', (share, expected) => {
    const summary = {
      serviceId: 's',
      cycle: { start: now, end: now, timeZone: 'UTC' },
      topDays: [],
      allowanceBytes: 100,
      usedBytes: share * 100,
      at: now,
    }
    expect(usagePart([summary], fresh).state).toBe(expected)
  })

  it.each([
    ['nothing used', 0, 'ok', 0],
    ['some used', 7, 'critical', 100],
  ])('of usage of a plan without data, %s', (_name, usedBytes, state, value) => {
    const cycle = { start: now, end: now, timeZone: 'UTC' }
    const summary = { serviceId: 's', cycle, topDays: [], allowanceBytes: 0, usedBytes, at: now }
    expect(usagePart([summary], fresh)).toMatchObject({ state, value })
  })
})

describe('tiles', () => {
  it('show promise, neighbours and plain meaning', () => {
    const [, down] = tilesOf(
      service,
      advance(book, service, undefined, [sampleAt(now, { down: 80 })]).latest,
      { down: { median: 250, services: 40 } },
      fresh,
    )
    expect(down).toMatchObject({
      metric: 'down',
      state: 'critical',
      messageId: 'metric.down.critical',
      promised: 300,
      threshold: 90,
      neighbours: { median: 250, services: 40 },
    })
  })

  it('tell too much light from too little', () => {
    expect(tiles({ opticalRx: -7 })[0]?.messageId).toBe('metric.opticalRx.high')
    expect(tiles({ opticalRx: -28 })[0]?.messageId).toBe('metric.opticalRx.critical')
  })
})

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('of %j', (values, expected) => {
    expect(median(values)).toBe(expected)
  })
})
