import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let host: Harness

beforeAll(async () => {
  data = await startData()
})

afterAll(() => data.stop())

beforeEach(async () => {
  await data.data.core.dropDatabase()
})

afterEach(() => host.stop())

/** Says that it is well until somebody asks for `/fall`, in whatever tier. */
const pack = (version: string, isolation: 'inline' | 'process', well = true) =>
  packFixture({
    version,
    routes: [route('GET', '/_health'), route('GET', '/'), route('GET', '/{id}'), route('GET', '/fall')],
    manifest: {
      backend: {
        entry: 'dist/server.cjs',
        isolation,
        routes: [route('GET', '/_health'), route('GET', '/'), route('GET', '/{id}'), route('GET', '/fall')],
        health: { path: '/_health', intervalMs: 500 },
      },
    },
    start: `
      let well = ${well}, fell = 0
      context.route({ method: 'GET', path: '/_health', summary: 'x', handler: () => {
        // It comes to itself after a while: nobody can reach it meanwhile to tell it so.
        if (!well && fell > 0 && (fell += 1) > 7) well = true
        if (!well) throw new sdk.Problem(503, 'unavailable', 'away')
        return { ok: true }
      } })
      context.route({ method: 'GET', path: '/', summary: 'x', handler: () => ({ version: context.version }) })
      context.route({ method: 'GET', path: '/{id}', summary: 'x', handler: (request) => ({ id: request.params.id }) })
      context.route({ method: 'GET', path: '/fall', summary: 'x', handler: () => { well = false; fell = 1; return null } })`,
  })
const served = async () => (await host.call('GET', '/api/plugins/demo')).status
const journal = async () => {
  const { json } = await host.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  return (json['transitions'] as { version: string; to: string; causes: { code: string }[] }[]).map(
    ({ version, to, causes }) => [version, to, ...causes.map(({ code }) => code)].join(' '),
  )
}

describe.each(['inline', 'process'] as const)('the health of a plugin in tier %s', (isolation) => {
  beforeEach(async () => {
    host = await Harness.start(data.data)
    const installed = await host.install(await pack('1.0.0', isolation))
    if (installed.status !== 200) throw new Error(installed.text)
  })

  it('opens its breaker when it is unwell, and closes it when it is well again', async () => {
    expect((await host.call('GET', '/api/plugins/demo/fall')).status).toBe(204)
    await host.until(async () => (await served()) === 503)
    expect(await host.call('GET', '/api/plugins/demo')).toMatchObject({ status: 503, headers: { 'retry-after': '10' } })
    await host.until(async () => (await served()) === 200)
    await host.until(async () => (await journal())[0] === '1.0.0 ACTIVE well_again')
    expect((await journal())[1]).toBe('1.0.0 DEGRADED unwell')
  })

  it('is asked by the host alone', async () => {
    for (const path of ['/_health', '/%5Fhealth', '/x/../_health'])
      expect((await host.call('GET', `/api/plugins/demo${path}`)).status).toBe(404)
    expect((await host.call('POST', '/api/plugins/demo/_health', { body: {} })).status).toBe(404)
    expect((await host.call('GET', '/api/plugins/demo/_other')).json).toEqual({ id: '_other' })
    expect((await host.call('GET', '/api/plugins/demo/_health', { as: '' })).status).toBe(401)
    expect(host.host.servedRoutes().map(({ path }) => path)).not.toContain('/api/plugins/demo/_health')
  })
})

it('a canary that is unwell while the version before is well goes back', async () => {
  host = await Harness.start(data.data)
  await host.install(await pack('1.0.0', 'inline'))
  await host.upload(await pack('1.1.0', 'inline', false))
  const canary = { percent: 100, minRequests: 1000, minSeconds: 1000 }
  expect((await host.change('upgrade', 'demo', { version: '1.1.0', canary })).status).toBe(200)
  await host.until(async () => (await journal())[0]?.startsWith('1.1.0 ROLLED_BACK canary_unwell') === true)
  expect((await host.call('GET', '/api/plugins/demo')).json).toEqual({ version: '1.0.0' })
})
