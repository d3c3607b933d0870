import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'
import { Breaker } from './breaker.ts'

function breaker() {
  const told: string[] = []
  let now = 0
  const made: Breaker = new Breaker(
    () => now,
    (phase) => told.push(`${phase} ${made.cause}`),
  )
  return { made, told, later: (ms: number) => (now += ms) }
}

describe('a breaker', () => {
  it('opens when one in twenty requests is slow, not by a few of few', () => {
    const { made, told } = breaker()
    for (let i = 0; i < 80; i += 1) made.record(false)
    for (let i = 0; i < 4; i += 1) made.record(false, true)
    expect([made.isOpen, told]).toEqual([false, []])
    made.record(false, true)
    expect([made.isOpen, told, made.retryAfter]).toEqual([true, ['open slow'], 10])
  })

  it('forgets slow ones after its window', () => {
    const { made, later } = breaker()
    for (let i = 0; i < 4; i += 1) made.record(false, true)
    later(31_000)
    for (let i = 0; i < 40; i += 1) made.record(false, i < 4)
    expect(made.isOpen).toBe(false)
  })

  it('stays open for as long as the plugin is unwell, whatever time passes, and closes when it is well', () => {
    const { made, told, later } = breaker()
    made.feels(false)
    later(60_000)
    expect([made.retryAfter, made.isOpen]).toEqual([10, true])
    made.feels(true)
    expect([made.retryAfter, made.isOpen, told]).toEqual([0, false, ['open health', 'closed health']])
  })

  it('is told of health once, and lets requests decide while the plugin is well', () => {
    const { made, told, later } = breaker()
    for (let i = 0; i < 20; i += 1) made.record(true)
    made.feels(true)
    expect(told).toEqual(['open errors'])
    later(10_000)
    expect(made.retryAfter).toBe(0)
    for (let i = 0; i < 5; i += 1) made.record(false)
    expect(told).toEqual(['open errors', 'closed errors'])
  })
})

it('a plugin whose handlers take almost all of their time gets a pause, and its state says why', async () => {
  const data = await startData()
  const host = await Harness.start(data.data)
  try {
    const start = `context.route({ method: 'GET', path: '/slow', summary: 'x', handler: async () => {
      await new Promise((resolve) => setTimeout(resolve, 2500)); return { ok: true } } })`
    await host.install(await packFixture({ routes: [route('GET', '/slow', { timeoutMs: 3000 })], start }))
    const slow = () => host.call('GET', '/api/plugins/demo/slow')
    expect(new Set((await Promise.all(Array.from({ length: 20 }, slow))).map(({ status }) => status))).toEqual(
      new Set([200]),
    )
    expect(await slow()).toMatchObject({ status: 503, json: { code: 'plugin_unavailable' } })
    await host.until(async () => (await host.view('demo'))['state'] === 'DEGRADED')
    expect(await host.view('demo')).toMatchObject({ causes: [{ code: 'requests_slow' }] })
  } finally {
    await host.stop()
    await data.stop()
  }
})
