import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach()

it('lets nobody wait longer than the route may take, and keeps no place for who is gone', async () => {
  const routes = [route('GET', '/hold', { timeoutMs: 60_000 }), route('GET', '/quick', { timeoutMs: 300 })]
  const backend = { entry: 'dist/server.cjs', isolation: 'inline' as const, routes, resources: { concurrency: 1 } }
  const start = `let held = 0
    context.route({ method: 'GET', path: '/hold', summary: 'x', handler: ({ signal }) => {
      context.log.info({}, 'held ' + ++held); return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason))) } })
    context.route({ method: 'GET', path: '/quick', summary: 'x', handler: () => ({ held }) })`
  await host.harness.install(await packFixture({ manifest: { backend }, start }))
  const quick = () => host.harness.call('GET', '/api/plugins/demo/quick')
  const hold = () => {
    const client = new AbortController()
    const { signal } = client
    fetch(`${host.harness.origin}/api/plugins/demo/hold`, { headers: { 'x-user': 'agent' }, signal }).catch(
      () => undefined,
    )
    return client
  }
  const holder = hold()
  await host.harness.until(() => Promise.resolve(host.harness.log.lines.some(({ message }) => message === 'held 1')))
  const late = {
    status: 503,
    json: { code: 'plugin_busy', detail: 'Plugin "demo" had no place for it within 300 ms.' },
  }
  expect(await quick()).toMatchObject({ ...late, headers: { 'retry-after': '1' } })

  const waiting: AbortController[] = []
  const full = 'Plugin "demo" has too many requests under way.'
  await host.harness.until(async () => {
    const { json } = await quick()
    waiting.push(hold())
    return json['detail'] === full
  })
  for (const client of waiting) client.abort()
  await host.harness.until(async () => (await quick()).json['detail'] === late.json.detail)

  holder.abort()
  await host.harness.until(async () => (await quick()).status === 200)
  // Those who left were never handed over.
  expect((await quick()).json).toEqual({ held: 1 })
})
