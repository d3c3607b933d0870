import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach()

const routes = [
  ...['/hold', '/patient'].map((path) => route('GET', path, { timeoutMs: 60_000 })),
  route('GET', '/quick', { timeoutMs: 300 }),
]
const backend = { entry: 'dist/server.cjs', isolation: 'inline' as const, routes, resources: { concurrency: 1 } }
const start = `let held = 0
  context.route({ method: 'GET', path: '/hold', summary: 'x', handler: ({ signal }) => {
    context.log.info({}, 'held ' + ++held); return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason))) } })
  for (const path of ['/quick', '/patient']) context.route({ method: 'GET', path, summary: 'x', handler: () => ({ held }) })`

beforeEach(async () => {
  await host.harness.install(await packFixture({ manifest: { backend }, start }))
})

const quick = (as = 'agent') => host.harness.call('GET', '/api/plugins/demo/quick', { as })
const full = 'Plugin "demo" has too many requests under way.'

function hold() {
  const client = new AbortController()
  const { signal } = client
  fetch(`${host.harness.origin}/api/plugins/demo/hold`, { headers: { 'x-user': 'agent' }, signal }).catch(
    () => undefined,
  )
  return client
}

/** Until nobody like them finds room. */
async function fill(): Promise<AbortController[]> {
  const waiting: AbortController[] = []
  await host.harness.until(async () => {
    const { json } = await quick()
    waiting.push(hold())
    return json['detail'] === full
  })
  return waiting
}

it('lets nobody wait longer than the route may take, and keeps no place for who is gone', async () => {
  const holder = hold()
  await host.harness.said('held 1')
  const late = {
    status: 503,
    json: { code: 'plugin_busy', detail: 'Plugin "demo" had no place for it within 300 ms.' },
  }
  expect(await quick()).toMatchObject({ ...late, headers: { 'retry-after': '1' } })

  const waiting = await fill()
  for (const client of waiting) client.abort()
  await host.harness.until(async () => (await quick()).json['detail'] === late.json.detail)

  holder.abort()
  await host.harness.until(async () => (await quick()).status === 200)
  // Those who left were never handed over.
  expect((await quick()).json).toEqual({ held: 1 })
})

it('gives somebody else their turn before the many of one who came first, also where those have filled the queue', async () => {
  const holder = hold()
  await host.harness.said('held 1')
  const waiting = await fill()
  const other = host.harness.call('GET', '/api/plugins/demo/patient', { as: 'agent-2' })
  // Sent later, it arrives later.
  expect((await quick('agent-3')).json['detail']).not.toBe(full)
  holder.abort()
  await host.harness.said('held 2')
  waiting[0]?.abort()
  expect((await other).json).toEqual({ held: 2 })
  for (const client of waiting) client.abort()
})
