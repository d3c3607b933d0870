import { type Lease, Leases } from '../../jobs/leases.ts'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach()

const served = async () => (await host.harness.call('GET', '/api/plugins/demo/version')).status
const newest = async () => {
  const { json } = await host.harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  return (json['transitions'] as { to: string; causes?: { code: string }[] }[])[0]
}

it('stops a plugin at once that a host holds which ended in the middle of a change, and tells it when that lets go', async () => {
  const start = `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`
  await host.harness.install(await packFixture({ routes: [route('GET', '/version')], start }))
  const leases = new Leases(host.data.core, 'gone', { now: () => new Date() })
  const lease = (await leases.acquire('plugin:demo', 600_000)) as Lease
  const order = { plugin: 'demo', version: '1.0.0', reason: 'it leaks what it reads' }
  host.harness.stepUp.grant('kill-switch.propose', order)
  const proposed = await host.harness.call('POST', '/api/admin/kill-switch', { as: 'admin', body: order })
  const id = proposed.json['id'] as string
  expect(await served()).toBe(200)
  host.harness.stepUp.grant('kill-switch.confirm', { id })
  await host.harness.call('POST', `/api/admin/kill-switch/${id}/confirm`, {
    as: 'admin-2',
    headers: { 'if-match': '"proposed"' },
  })
  expect(await served()).toBe(503)
  expect(await host.harness.view('demo')).toMatchObject({ state: 'QUARANTINED' })
  // Its row is of whoever holds the lease.
  expect(await newest()).toMatchObject({ to: 'ACTIVE' })
  await leases.release(lease)
  await host.harness.until(async () => (await newest())?.to === 'QUARANTINED')
  expect(await newest()).toMatchObject({ causes: [{ code: 'killed_version' }] })
  expect(await served()).toBe(503)
})

it('refuses requests to a version at once that is killed while this host is replacing it', async () => {
  const start = `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`
  const replacing = Promise.withResolvers<void>()
  Object.assign(globalThis, { replacing: replacing.promise })
  const routes = [route('GET', '/version')]
  await host.harness.install(await packFixture({ routes, start }))
  const next = `context.log.info({}, 'starts')\nawait globalThis.replacing\n${start}`
  await host.harness.upload(await packFixture({ version: '2.0.0', routes, start: next }))
  const change = host.harness.change('upgrade', 'demo', { version: '2.0.0' })
  await host.harness.said('starts')
  const order = { plugin: 'demo', version: '1.0.0', reason: 'it leaks what it reads' }
  host.harness.stepUp.grant('kill-switch.propose', order)
  const proposed = await host.harness.call('POST', '/api/admin/kill-switch', { as: 'admin', body: order })
  const id = proposed.json['id'] as string
  host.harness.stepUp.grant('kill-switch.confirm', { id })
  try {
    expect(await served()).toBe(200)
    await host.harness.call('POST', `/api/admin/kill-switch/${id}/confirm`, { as: 'admin-2' })
    expect(await served()).toBe(503)
  } finally {
    replacing.resolve()
    await change
  }
  expect(await served()).toBe(200)
})
