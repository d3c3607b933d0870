import { RequestMetrics } from '../../observability/request-metrics.ts'
import { packFixture } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness
let metrics: RequestMetrics
const clock = { at: Date.now(), now: () => new Date(clock.at) }

beforeEach(async () => {
  data = await startData()
  metrics = new RequestMetrics(() => [])
  harness = await Harness.start(
    data.data,
    { clock, observeUiIncident: (sample) => metrics.countUiIncident(sample) },
    { requestsPerMinutePerIdentity: 20 },
  )
  await harness.install(await packFixture())
})

afterEach(async () => {
  await harness.stop()
  await data.stop()
})

const incident = {
  id: '0a1b2c3d',
  plugin: 'demo',
  version: '1.0.0',
  unit: 'home',
  phase: 'crash',
  message: 'Cannot read ana@example.com of +55 11 98765-4321',
  at: '2026-11-22T21:00:00.000Z',
}
const report = (change: object = {}, as = 'agent') =>
  harness.call('POST', '/api/ui/incidents', { as, body: { ...incident, ...change } })
const shown = async () => (await harness.call('GET', '/api/admin/plugins/demo', { as: 'admin' })).json['uiIncidents']

describe('an incident in a browser', () => {
  it('is logged under the plugin without personal data, counted, and shown to administrators for an hour', async () => {
    expect(await shown()).toEqual({ lastHour: 0, last: null })
    harness.authenticator.activities.length = 0
    expect(await report()).toMatchObject({ status: 202, text: '' })
    expect(harness.authenticator.activities).toEqual([false])
    clock.at += 40 * 60_000
    await report({ phase: 'timeout' })

    const lines = harness.log.lines.filter(({ fields }) => fields['incident'] === incident.id)
    expect(lines).toMatchObject([
      { level: 'warn', fields: { plugin: 'demo', version: '1.0.0', unit: 'home', kind: 'crash' } },
      { level: 'warn', fields: { kind: 'timeout' } },
    ])
    expect(JSON.stringify(lines)).not.toMatch(/ana@|98765|"agent"/)
    const text = await metrics.registry.metrics()
    expect(text).toContain('dcesop_ui_incidents_total{plugin="demo",version="1.0.0",kind="crash"} 1')

    const last = { at: clock.now().toISOString(), kind: 'timeout', version: '1.0.0', unit: 'home' }
    expect(await shown()).toEqual({ lastHour: 2, last })
    clock.at += 30 * 60_000
    expect(await shown()).toEqual({ lastHour: 1, last })
  })

  it('of something that is not in the store is logged, and makes no label', async () => {
    expect((await report({ version: '6.6.6' })).status).toBe(202)
    expect((await report({ plugin: 'nobody' })).status).toBe(202)
    expect(harness.log.lines.filter(({ fields }) => fields['incident'] === incident.id)).toHaveLength(2)
    expect(await metrics.registry.metrics()).not.toMatch(/ui_incidents_total\{/)
    expect(await shown()).toEqual({ lastHour: 0, last: null })
  })

  it.each<[string, object]>([
    ['a member that is not known', { customer: 'c_1' }],
    ['a longer message', { message: 'x'.repeat(501) }],
    ['another phase', { phase: 'quarantine' }],
    ['a name that is none', { plugin: '../demo' }],
    ['a time that is none', { at: 'now' }],
  ])('is refused with %s', async (_, change) => {
    expect(await report(change)).toMatchObject({ status: 400, json: { code: 'invalid_request' } })
  })

  it('needs a session, a short body, and no more than the share of its sender', async () => {
    expect((await report({}, '')).status).toBe(401)
    expect((await report({ message: 'x'.repeat(5000) })).status).toBe(413)
    const statuses = new Set<number>()
    for (let sent = 0; sent < 21; sent += 1) statuses.add((await report()).status)
    expect([...statuses]).toEqual([202, 429])
    expect((await shown()) as object).toMatchObject({ last: { kind: 'crash' } })
  })
})
