import { packFixture, route } from './testing/fixture-plugin.ts'
import { Harness, startData } from './testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let host: Harness
const held = new Map<string, number>()

beforeAll(async () => {
  data = await startData()
  const observeLoop = (plugin: string, seconds: number) => void held.set(plugin, (held.get(plugin) ?? 0) + seconds)
  host = await Harness.start(data.data, { observeLoop })
  await host.install(await packFixture({ id: 'calm', routes: [route('GET', '/')], start: calm }))
})

beforeEach(() => held.clear())

afterAll(async () => {
  await host?.stop()
  await data?.stop()
})

const calm = `context.route({ method: 'GET', path: '/', summary: 'x', handler: async () => {
  await new Promise((resolve) => setTimeout(resolve, 300)); return { ok: true } } })`
/** By its own processor time, so that it computes as long on a machine that is busy. */
const compute = `function compute(ms) {
  const used = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000 }
  const end = used() + ms
  while (used() < end);
}`

/** Longer than the timer that computes, so that somebody else had a turn in between. */
const pause = 'await new Promise((resolve) => setTimeout(resolve, 600)); return { ok: true }'

describe('the event loop', () => {
  it.each([
    ['first', 'compute(400); return { ok: true }'],
    ['paused', 'await new Promise((resolve) => setTimeout(resolve, 30)); compute(400); return { ok: true }'],
    [
      'stored',
      `await new Promise((resolve) => setTimeout(resolve, 30)); compute(400)
       await context.data.region('br').collection('stored_things').findOne({}); return { ok: true }`,
    ],
    ['timed', `setTimeout(() => compute(400), 30); ${pause}`],
    ['lent', `require('node:timers').setTimeout(() => compute(400), 30); ${pause}`],
    ['asynchronous', `setTimeout(async () => { await null; compute(400) }, 30); ${pause}`],
  ])(
    'that a plugin holds (%s) is charged to it, and to nobody who only waits meanwhile',
    async (id, body) => {
      const manifest = { data: { collections: ['stored_*'], schemaVersion: 1 } }
      const start = `${compute}
      context.route({ method: 'GET', path: '/', summary: 'x', handler: async () => { ${body} } })`
      const own = id === 'stored' ? { manifest } : {}
      expect((await host.install(await packFixture({ id, routes: [route('GET', '/')], start, ...own }))).status).toBe(
        200,
      )
      held.clear()
      const waiting = host.call('GET', '/api/plugins/calm')
      expect((await host.call('GET', `/api/plugins/${id}`)).status).toBe(200)
      expect((await waiting).status).toBe(200)
      expect(held.get(id)).toBeGreaterThan(0.2)
      expect(held.get('calm') ?? 0).toBeLessThan(0.2)
      expect(host.log.lines).toContainEqual(
        expect.objectContaining({
          fields: expect.objectContaining({ plugin: id, heldMs: expect.any(Number) as number }) as object,
          message: expect.stringContaining('held the event loop') as string,
        }),
      )
    },
    30_000,
  )
})
