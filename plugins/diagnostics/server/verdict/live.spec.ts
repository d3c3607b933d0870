import type { TestHost } from '@dcesop/sdk-plugin/testing'
import type { MetricValues } from '../metrics/catalogue.ts'
import { openStores } from '../stores.ts'
import { fibreService, mobileService } from '../testing/fixtures.ts'
import { agent, machine, rowsOf, send, startDiagnostics } from '../testing/diagnostics-host.ts'

interface Live {
  health: { state: string; parts: { part: string; state: string }[] }
  incidents: { id: string; affected: number }[]
  services: {
    id: string
    simulated: boolean
    tiles: {
      metric: string
      state: string
      value?: number
      promised?: number
      neighbours?: { median: number; share?: number; services: number }
      sparkline: [number, number][]
    }[]
    issues: { metric: string; startedAt: string; severity: string }[]
  }[]
}

const neighbours = Array.from({ length: 9 }, (_, index) =>
  fibreService({ id: `s_n${index}`, customerId: `c_n${index}` }),
)
const good: MetricValues = { opticalRx: -19, down: 280, up: 140, latency: 9, loss: 0, uptime: 90_000 }
const dark: MetricValues = { ...good, opticalRx: -28.5, loss: 8 }

describe('a customer on screen', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await startDiagnostics([mobileService(), fibreService(), ...neighbours])
  })
  afterEach(() => host.dispose())

  const live = (): Promise<Live> => host.read<Live>(agent, '/customers/br/c_one/live')
  const fibreOf = (view: Live): Live['services'][number] =>
    view.services.find(({ id }) => id === 's_fibre') as Live['services'][number]
  const tile = (view: Live, metric: string) => fibreOf(view).tiles.find((one) => one.metric === metric)
  const follow = (): Promise<void> => host.runJob('follow-samples')

  it('is unknown, not healthy, before anything was measured', async () => {
    const view = await live()
    expect(view.health).toMatchObject({
      state: 'unknown',
      parts: [{ part: 'network', state: 'unknown' }, { part: 'usage' }, { part: 'billing', state: 'ok' }],
    })
    expect(tile(view, 'opticalRx')).toMatchObject({ state: 'unknown', sparkline: [] })
  })

  it('shows a row that was stored a moment ago, before the background work', async () => {
    await send(host, rowsOf(host, 's_fibre', [good, dark]))
    expect(tile(await live(), 'opticalRx')).toMatchObject({
      state: 'critical',
      value: -28.5,
      threshold: -27,
      unit: 'dBm',
      messageId: 'metric.opticalRx.critical',
    })
  })

  it('judges the same before and after the background work', async () => {
    await send(host, rowsOf(host, 's_fibre', [dark, dark, dark, { ...good, opticalRx: -26.8 }]))
    const before = fibreOf(await live()).tiles
    await follow()
    const after = fibreOf(await live()).tiles
    expect(after.map(({ sparkline: _drawn, ...rest }) => rest)).toEqual(
      before.map(({ sparkline: _drawn, ...rest }) => rest),
    )
    expect(after[0]).toMatchObject({ state: 'critical', value: -26.8 })
  })

  it('turns stale when measurements stop, and health with it', async () => {
    await send(host, rowsOf(host, 's_fibre', [good]))
    host.clock.advance(21 * 60_000)
    const view = await live()
    expect(tile(view, 'opticalRx')).toMatchObject({ state: 'stale', value: -19 })
    expect(view.health.state).toBe('unknown')
  })

  it('sets the value beside the promise, the neighbours and the day', async () => {
    for (const { id } of neighbours) await send(host, rowsOf(host, id, [{ ...good, down: 100 }]))
    await send(host, rowsOf(host, 's_fibre', [good, good, good], { from: -7200, every: 3600 }))
    await follow()
    const down = tile(await live(), 'down')
    expect(down).toMatchObject({ promised: 300, neighbours: { services: 9 } })
    expect(down?.neighbours?.median).toBeCloseTo(100)
    expect(down?.sparkline.map(([, mean]) => mean)).toEqual([280, 280, 280])
  })

  it('compares speeds by the share of what each plan promises, and the rest by value', async () => {
    const plan = { id: 'fibre-1000', name: 'Fibra 1000', promise: { downMbps: 1000, upMbps: 500 } }
    await host.dispose()
    host = await startDiagnostics([fibreService(), ...neighbours.map((service) => ({ ...service, plan }))])
    for (const { id } of neighbours) await send(host, rowsOf(host, id, [{ ...good, down: 950 }]))
    await follow()
    const view = await live()
    // All of them get 95 % of their plans: 285 of the 300 Mbps of this one.
    expect(tile(view, 'down')?.neighbours).toEqual({ median: 285, share: 0.95, services: 9 })
    expect(tile(view, 'latency')?.neighbours).toEqual({ median: good.latency, services: 9 })
  })

  it('compares with nobody where so few people share the element that a median would tell of one of them', async () => {
    await host.dispose()
    const [first, ...others] = neighbours
    const twice = others.slice(0, 4).map(({ id, ...service }) => ({ ...service, id: `${id}_second` }))
    const own = fibreService({ id: 's_own', customerId: 'c_one' })
    host = await startDiagnostics([fibreService(), own, ...neighbours, ...twice])
    for (const { id } of [...others.slice(0, 4), ...twice, own]) await send(host, rowsOf(host, id, [good]))
    await send(host, rowsOf(host, first?.id ?? '', [{ latency: 9 }]))
    await follow()
    const view = await live()
    expect(tile(view, 'latency')?.neighbours).toEqual({ median: 9, services: 9 })
    expect(tile(view, 'opticalRx')?.neighbours).toBeUndefined()
    expect(tile(view, 'down')?.neighbours).toBeUndefined()
  })

  it('lists an issue with its evidence once the background work found it, and pushes it', async () => {
    await send(host, rowsOf(host, 's_fibre', [good, dark, dark, dark]))
    await follow()
    const { issues } = fibreOf(await live())
    expect(issues.map(({ metric, severity }) => [metric, severity]).sort()).toEqual([
      ['loss', 'critical'],
      ['opticalRx', 'critical'],
    ])
    expect(issues[0]?.startedAt).toBe(host.clock.at(-3_000))
    const pushed = host.messages.filter(({ payload }) => (payload as { type: string }).type === 'issue')
    expect(pushed.map(({ topic, key }) => [topic, key])).toEqual([
      ['diagnostics.telemetry', 'c_one'],
      ['diagnostics.telemetry', 'c_one'],
    ])
    const listed = await host.read<{ issues: unknown[] }>(agent, '/customers/br/c_one/issues')
    expect(listed.issues).toHaveLength(2)
  })

  it('pushes measurements of watched services at once, and of nobody else', async () => {
    await send(host, rowsOf(host, 's_fibre', [good]))
    expect(host.messages).toEqual([])
    await live()
    await send(host, [...rowsOf(host, 's_fibre', [dark], { from: 1 }), ...rowsOf(host, 's_n1', [dark])])
    expect(host.messages).toEqual([
      expect.objectContaining({
        topic: 'diagnostics.telemetry',
        region: 'br',
        key: 'c_one',
        payload: expect.objectContaining({
          type: 'sample',
          serviceId: 's_fibre',
          tiles: expect.arrayContaining([
            expect.objectContaining({ metric: 'opticalRx', state: 'critical', value: -28.5 }),
          ]),
        }),
      }),
    ])
  })

  it('pushes no counter of what is used: that is for fewer people than see how a service performs', async () => {
    await live()
    await send(host, rowsOf(host, 's_fibre', [{ dataBytes: 5e9, voiceSeconds: 60 }]))
    expect(host.messages).toEqual([])
    await send(host, rowsOf(host, 's_fibre', [{ loss: 0, dataBytes: 6e9 }], { from: 1 }))
    expect(host.messages.map(({ payload }) => (payload as { tiles: { metric: string }[] }).tiles)).toEqual([
      [expect.objectContaining({ metric: 'loss' })],
    ])
  })

  it('asks the machines for fast measurements while somebody looks', async () => {
    const focus = async (): Promise<string[]> => {
      const answer = await host.request(machine, 'GET', '/focus?region=br')
      return (answer.body as { services: { serviceId: string }[] }).services.map(({ serviceId }) => serviceId).sort()
    }
    expect(await focus()).toEqual([])
    await live()
    expect(await focus()).toEqual(['s_fibre', 's_mobile'])
    host.clock.advance(50_000)
    await host.listen(agent, 'diagnostics.telemetry', 'br', 'c_one')
    await host.runJob('keep-focus')
    host.clock.advance(30_000)
    expect(await focus()).toEqual(['s_fibre', 's_mobile'])
    host.clock.advance(60_000)
    expect(await focus()).toEqual([])
  })

  it('puts a mass incident first once enough neighbours are down', async () => {
    const rows = [...neighbours, fibreService()].flatMap(({ id }) => rowsOf(host, id, [good, dark, dark, dark]))
    await send(host, rows)
    await follow()
    await host.runJob('watch-incidents')
    expect((await live()).incidents).toMatchObject([{ origin: 'detected', affected: 10, services: 10, endedAt: null }])
    const overview = await host.read<{ incidents: unknown[]; sites: unknown[]; critical: number }>(
      agent,
      '/overview?region=br',
    )
    expect(overview).toMatchObject({
      incidents: [{ elementIds: ['olt-1'] }],
      sites: [{ site: 'São Paulo', critical: 10 }],
      critical: 10,
    })
  })

  it('says nothing of use where no service is active', async () => {
    await host.dispose()
    host = await startDiagnostics([fibreService({ status: 'suspended' })])
    expect((await live()).health.parts).toMatchObject([{ part: 'network' }, { part: 'billing', state: 'critical' }])
  })

  it('tells nothing that it does not judge as good, neither when it is read nor when it is pushed', async () => {
    await host.dispose()
    const plain = fibreService({ plan: { id: 'p', name: 'P', promise: {} } })
    host = await startDiagnostics([plain, fibreService({ id: 's_off', status: 'suspended' })])
    await send(host, [...rowsOf(host, 's_fibre', [{ down: 3 }]), ...rowsOf(host, 's_off', [{ opticalRx: -19 }])])
    const [read, off] = (await live()).services.map(({ tiles }) => tiles.find(({ value }) => value !== undefined))
    expect([read, off]).toMatchObject([
      { state: 'unjudged', value: 3 },
      { state: 'unjudged', value: -19 },
    ])
    await send(host, rowsOf(host, 's_fibre', [{ down: 4 }], { from: 1 }))
    const pushed = host.messages.flatMap(({ payload }) => (payload as { tiles: { metric: string }[] }).tiles)
    expect(pushed).toMatchObject([{ metric: 'down', state: 'unjudged', value: 4 }])
  })

  it('counts no site for what was bad when it was last heard of', async () => {
    await send(host, rowsOf(host, 's_fibre', [dark], { from: -1_800 }))
    await send(host, rowsOf(host, 's_fibre', [{ down: 280 }]))
    await follow()
    expect(tile(await live(), 'loss')).toMatchObject({ state: 'stale' })
    expect(await host.read(agent, '/overview?region=br')).toMatchObject({ sites: [], critical: 0, degraded: 0 })
  })

  it('leaves out of health what has ended: nobody counts its use any more', async () => {
    await host.dispose()
    host = await startDiagnostics([mobileService({ status: 'terminated' }), fibreService()])
    await send(host, rowsOf(host, 's_fibre', [good]))
    expect((await live()).health).toMatchObject({ state: 'ok', parts: [{ part: 'network' }, { state: 'ok' }, {}] })
  })

  it('ends what is open of a service when it is switched off, so that it is forgotten in time', async () => {
    await send(host, rowsOf(host, 's_fibre', [good, dark, dark, dark]))
    await follow()
    const service = fibreService({ status: 'terminated' })
    const topic = 'customers.service-changed/v1'
    await host.deliver({ id: 'event-1', topic, region: 'br', key: service.customerId, payload: { service } })
    // Its equipment is still plugged in.
    await send(host, rowsOf(host, 's_fibre', [dark, dark, dark], { from: 0 }))
    await follow()
    const { issues } = await host.read<{ issues: object[] }>(agent, '/customers/br/c_one/issues')
    expect(issues).toMatchObject([{ endedAt: host.clock.at(0) }, { endedAt: host.clock.at(0) }])
    const { latest, issues: kept } = openStores(host.data, 'br')
    expect(await latest.countDocuments({ _id: 's_fibre' })).toBe(0)
    expect(await kept.countDocuments({ expireAt: { $exists: true } })).toBe(2)
  })

  it('takes services that were switched off neither for the size of an outage nor for a part of it', async () => {
    await host.dispose()
    const ended = neighbours.map((service) => ({ ...service, id: `${service.id}_old`, status: 'terminated' as const }))
    const down = neighbours.slice(0, 5)
    host = await startDiagnostics([...neighbours, ...ended])
    await send(
      host,
      [...down, ...ended].flatMap(({ id }) => rowsOf(host, id, [good, dark, dark, dark])),
    )
    await follow()
    await host.runJob('watch-incidents')
    const { incidents } = await host.read<Live>(agent, '/customers/br/c_n8/live')
    expect(incidents).toMatchObject([{ affected: 5, services: 9 }])
  })

  it('answers for a customer of another region as for nobody', async () => {
    const nobody = await host.request(agent, 'GET', '/customers/br/c_nobody/live')
    const foreign = await host.request(agent, 'GET', '/customers/mx/c_one/live')
    expect([nobody.status, foreign.status]).toEqual([404, 404])
    expect(foreign.body).toEqual({ ...nobody.body, traceId: expect.any(String) })
  })

  it('leaves an audit record of the view', async () => {
    await live()
    expect(host.audits).toContainEqual({ action: 'diagnostics.view', region: 'br', resource: 'c_one' })
  })
})
