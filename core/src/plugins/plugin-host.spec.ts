import { packFixture, route } from './testing/fixture-plugin.ts'
import { Harness, startData } from './testing/harness.ts'
import { wayTo } from './testing/way.ts'

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness

beforeEach(async () => {
  data = await startData()
  harness = await Harness.start(data.data)
})

afterEach(async () => {
  await harness.stop()
  await data.stop()
})

const hello = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/hello')],
    start: `context.route({ method: 'GET', path: '/hello', summary: 'Greets.', handler: (request) => ({ version: context.version, who: request.identity.subject }) })`,
  })

describe('a plugin from upload to removal', () => {
  it('is installed, answers, is upgraded, rolled back, disabled and enabled again', async () => {
    expect(await harness.install(await hello('1.0.0'))).toMatchObject({
      status: 200,
      json: { state: 'ACTIVE', version: '1.0.0' },
    })
    expect((await harness.call('GET', '/api/plugins/demo/hello')).json).toEqual({ version: '1.0.0', who: 'agent' })

    await harness.upload(await hello('1.1.0'))
    expect(await harness.change('upgrade', 'demo', { version: '1.1.0' })).toMatchObject({
      status: 200,
      json: { state: 'ACTIVE', version: '1.1.0', previous: '1.0.0' },
    })
    expect((await harness.call('GET', '/api/plugins/demo/hello')).json['version']).toBe('1.1.0')

    expect(await harness.change('rollback', 'demo')).toMatchObject({ status: 200, json: { version: '1.0.0' } })
    expect((await harness.call('GET', '/api/plugins/demo/hello')).json['version']).toBe('1.0.0')

    expect(await harness.change('disable', 'demo')).toMatchObject({
      status: 200,
      json: { state: 'STOPPED', enabled: false },
    })
    expect(await harness.call('GET', '/api/plugins/demo/hello')).toMatchObject({
      status: 503,
      json: { code: 'plugin_unavailable', state: 'STOPPED' },
    })

    expect(await harness.change('enable', 'demo')).toMatchObject({ status: 200, json: { state: 'ACTIVE' } })
    expect((await harness.call('GET', '/api/plugins/demo/hello')).status).toBe(200)

    const journal = await harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
    const rows = (journal.json['transitions'] as { version: string; to: string }[])
      .map(({ version, to }) => `${version} ${to}`)
      .reverse()
    expect(rows).toEqual([
      ...wayTo('ACTIVE').map((state) => `1.0.0 ${state}`),
      ...wayTo('ACTIVE').map((state) => `1.1.0 ${state}`),
      '1.0.0 DRAINING',
      '1.0.0 STOPPED',
      ...wayTo('ACTIVE', 'STARTING').map((state) => `1.0.0 ${state}`),
      '1.1.0 DRAINING',
      '1.1.0 ROLLED_BACK',
      '1.0.0 DRAINING',
      '1.0.0 STOPPED',
      ...wayTo('ACTIVE', 'STARTING').map((state) => `1.0.0 ${state}`),
    ])
  })
})

it('tells everybody the state of a plugin that failed, and administrators alone its version and the reason', async () => {
  const start = `throw new Error('no way to mongodb://inside:27017')`
  expect((await harness.install(await packFixture({ start }))).status).toBe(422)
  const told = await harness.host.readiness.check()
  expect(told.detail).toEqual({
    plugins: [{ id: 'demo', state: 'FAILED', enabled: expect.any(Boolean), since: expect.any(String) }],
  })
  const view = await harness.view('demo')
  expect([view['version'], String(view['reason'])]).toEqual(['1.0.0', expect.stringContaining('mongodb://inside')])
})
