import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { Inventory } from '../inventory/inventory.ts'
import { book, fibreService, mobileService } from '../testing/fixtures.ts'
import type { CustomersDirectory } from '@dcesop/sdk-plugin/contracts'
import { openStores } from '../stores.ts'
import { agent, rowsOf, send, startDiagnostics } from '../testing/diagnostics-host.ts'
import { Processor } from './processor.ts'

interface Series {
  resolution: string
  unit: string
  points: { at: string; count: number; mean: number; min: number; max: number; last: number }[]
}

const services = [mobileService(), fibreService()]

describe('series', () => {
  let host: TestHost
  beforeAll(async () => {
    host = await startDiagnostics(services)
  })
  afterAll(() => host.dispose())

  const series = (from: number, to: number, resolution = 'auto', metric = 'rsrp'): Promise<Series> => {
    const query = new URLSearchParams({
      metric,
      from: host.clock.at(from * 1000),
      to: host.clock.at(to * 1000),
      resolution,
    })
    return host.read<Series>(agent, `/services/br/s_mobile/series?${query.toString()}`)
  }

  /** Every roll-up document of the region, by collection. */
  async function rollUps(): Promise<unknown[]> {
    const { minutes, hours, days, latest } = openStores(host.data, 'br')
    return Promise.all([minutes, hours, days].map((one) => one.find().sort({ _id: 1 }).toArray())).then(async (all) => [
      ...all,
      await latest.find().sort({ _id: 1 }).toArray(),
    ])
  }

  it('rolls rows up to minutes, hours and days that agree with one another', async () => {
    const rows = rowsOf(
      host,
      's_mobile',
      Array.from({ length: 240 }, (_, index) => ({ rsrp: -90 - (index % 10) })),
      { from: -7_200, every: 30 },
    )
    await send(host, rows)
    await host.runJob('follow-samples')
    const [minutes, hours, days] = [
      await series(-7_260, 60, 'minute'),
      await series(-10_800, 60, 'hour'),
      await series(-86_400 * 2, 60, 'day'),
    ]
    const total = (one: Series): { count: number; sum: number; min: number; max: number } => ({
      count: one.points.reduce((sum, point) => sum + point.count, 0),
      sum: Math.round(one.points.reduce((sum, point) => sum + point.mean * point.count, 0)),
      min: Math.min(...one.points.map((point) => point.min)),
      max: Math.max(...one.points.map((point) => point.max)),
    })
    expect(total(minutes)).toEqual({ count: 240, sum: -22_680, min: -99, max: -90 })
    expect(total(hours)).toEqual(total(minutes))
    expect(total(days)).toEqual(total(minutes))
    expect(minutes.points.length).toBeGreaterThanOrEqual(120)
    expect(hours.points.at(-1)?.last).toBe(minutes.points.at(-1)?.last)
  })

  it('gives the same documents when everything is sent and followed again, in another order, after a restart', async () => {
    const rows = rowsOf(
      host,
      's_fibre',
      Array.from({ length: 60 }, (_, index) => ({ opticalRx: -20 - (index % 7) / 3, loss: index % 3 })),
      { from: -3_600, every: 60 },
    )
    await send(host, rows)
    await host.runJob('follow-samples')
    const before = await rollUps()
    await send(host, [...rows, ...rows].toReversed())
    await host.runJob('follow-samples')
    expect(await rollUps()).toEqual(before)
    // As after a crash that lost how far the samples had been followed.
    const stores = openStores(host.data, 'br')
    for (const collection of [stores.progress, stores.hours, stores.days]) await collection.deleteMany({})
    const processor = await newProcessor()
    await processor.run(new AbortController().signal)
    expect(await rollUps()).toEqual(before)
  })

  /** The background work of another generation of the plugin: nothing in its memory, the same data. */
  async function newProcessor(): Promise<Processor> {
    const directory = {
      services: async (_region: string, ids: readonly string[]) =>
        ids.map((id) => services.find((service) => service.id === id)),
    }
    const inventory = new Inventory(directory as unknown as CustomersDirectory)
    return new Processor({ stores: openStores(host.data, 'br'), inventory, book, issueDays: 90, onIssues() {} })
  }

  it('takes late rows into the slots where they belong', async () => {
    const [late] = rowsOf(host, 's_mobile', [{ rsrp: -140 }], { from: -7_200 })
    await send(host, [late ?? {}])
    await host.runJob('follow-samples')
    expect(Math.min(...(await series(-7_260, 60, 'minute')).points.map((point) => point.min))).toBe(-140)
    expect(Math.min(...(await series(-10_800, 60, 'hour')).points.map((point) => point.min))).toBe(-140)
  })

  it('shows the row that came last of one second before it was followed', async () => {
    const [first, second] = rowsOf(host, 's_fibre', [{ latency: 20 }, { latency: 30 }], { from: -1, every: 0 })
    await send(host, [first ?? {}])
    await host.runJob('follow-samples')
    await send(host, [second ?? {}])
    const live = await host.read<{ services: { tiles: { metric: string; value?: number }[] }[] }>(
      agent,
      '/customers/br/c_one/live',
    )
    const tiles = live.services.flatMap((service) => service.tiles)
    expect(tiles.filter(({ metric, value }) => metric === 'latency' && value !== undefined)).toMatchObject([
      { value: 30 },
    ])
  })

  it('follows what comes in after the clock of the host was put back', async () => {
    await send(host, rowsOf(host, 's_mobile', [{ down: 1 }], { from: -600 }))
    await host.runJob('follow-samples')
    host.clock.advance(-3_600_000)
    await send(host, rowsOf(host, 's_mobile', [{ down: 2 }], { from: -3_600 }))
    await host.runJob('follow-samples')
    host.clock.advance(3_600_000)
    expect((await series(-7_200, 0, 'minute', 'down')).points.map((point) => point.last)).toEqual([2, 1])
  })

  it('finds what became visible late, however long the passes between take', async () => {
    const { samples } = openStores(host.data, 'br')
    const processor = await newProcessor()
    const pass = () => processor.run(new AbortController().signal)
    await pass()
    const [now, sooner] = [60_000, 0].map((ms) => new Date(host.clock.at(ms)))
    const one = { serviceId: 's_mobile', source: 'late', simulated: false }
    await samples.insertOne({ ...one, _id: 'late:1', at: now!, ingestedAt: now!, metrics: { up: 1 } })
    await pass()
    await samples.insertOne({ ...one, _id: 'late:0', at: sooner!, ingestedAt: sooner!, metrics: { up: 2 } })
    for (let passes = 0; passes < 60; passes += 1) await pass()
    expect((await series(0, 120, 'minute', 'up')).points.map((point) => point.last)).toEqual([2, 1])
  })

  it.each([
    [-300, 0, 'raw'],
    [-3_600, 0, 'minute'],
    // What is finer is no longer kept there.
    [-86_400 * 1.5, -86_400 * 1.5 + 300, 'minute'],
    [-86_400 * 3, -86_400 * 3 + 3_600, 'hour'],
    [-86_400 * 60, -86_400 * 59, 'day'],
    [-86_400 * 7, 0, 'hour'],
    [-86_400 * 200, 0, 'day'],
  ])('chooses a resolution for a span from %d s to %d s: %s', async (from, to, expected) => {
    expect(await series(from, to)).toMatchObject({ resolution: expected, unit: 'dBm' })
  })

  it('shows every raw sample or says that there are too many, and falls back to minutes by itself', async () => {
    const values = Array.from({ length: 2_001 }, (_, index) => ({ sinr: index % 5 }))
    await send(host, rowsOf(host, 's_mobile', values, { from: -400, every: 0.1 }))
    await host.runJob('follow-samples')
    expect(await series(-500, 0, 'auto', 'sinr')).toMatchObject({ resolution: 'minute' })
    expect((await series(-300, 0, 'raw', 'sinr')).points).toHaveLength(1_001)
    const query = { metric: 'sinr', from: host.clock.at(-500_000), to: host.clock.at(0), resolution: 'raw' }
    const all = await host.request(
      agent,
      'GET',
      `/services/br/s_mobile/series?${new URLSearchParams(query).toString()}`,
    )
    expect(all).toMatchObject({ status: 400, body: { code: 'range_too_large' } })
  })

  it.each([
    ['too many points', { from: -86_400 * 30, to: 0, resolution: 'minute' }, 'range_too_large'],
    ['an empty range', { from: 0, to: -60, resolution: 'auto' }, 'range_empty'],
  ])('refuses %s', async (_name, { from, to, resolution }, code) => {
    const query = new URLSearchParams({
      metric: 'rsrp',
      from: host.clock.at(from * 1000),
      to: host.clock.at(to * 1000),
      resolution,
    })
    const answer = await host.request(agent, 'GET', `/services/br/s_mobile/series?${query.toString()}`)
    expect(answer).toMatchObject({ status: 400, body: { code } })
  })
})
