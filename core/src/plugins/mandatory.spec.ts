import { packFixture, route } from './testing/fixture-plugin.ts'
import { hostForEach } from './testing/host-for-each.ts'

const host = hostForEach()

/** Answers without asking what it needs: it is the host that must not let it. */
const plugin = (id: string, needs: string | undefined, criticality: 'mandatory' | 'degradable', optional = false) =>
  packFixture({
    id,
    routes: [route('GET', '/'), route('GET', '/far'), route('GET', '/slow')],
    manifest: {
      criticality,
      lifecycle: { drainMs: 6000 },
      provides: { [`${id}.self`]: '1.0.0' },
      ...(needs ? { consumes: [{ capability: `${needs}.self`, range: '^1', optional }] } : {}),
    },
    start: `
      const needed = ${needs ? `context.capabilities.consume('${needs}.self')` : 'undefined'}
      context.capabilities.provide('${id}.self', { name: async () => '${id}' })
      context.route({ method: 'GET', path: '/', summary: 'x', handler: () => ({ ok: true }) })
      context.route({ method: 'GET', path: '/far', summary: 'x', handler: async () => ({ name: await needed.name() }) })
      context.route({ method: 'GET', path: '/slow', summary: 'x', handler: (request) => new Promise((resolve) => {
        request.signal.addEventListener('abort', () => resolve({ ok: true })) }) })`,
  })

function confirmed(order: string, state: string) {
  const headers = { 'if-match': `"${state}"` }
  return host.harness.call('POST', `/api/admin/kill-switch/${order}/confirm`, { as: 'admin-2', headers })
}

async function kill(id: string): Promise<void> {
  const body = { plugin: id, reason: 'a spec' }
  host.harness.stepUp.grant('kill-switch.propose', body)
  const order = (await host.harness.call('POST', '/api/admin/kill-switch', { as: 'admin', body })).json['id'] as string
  host.harness.stepUp.grant('kill-switch.confirm', { id: order })
  expect((await confirmed(order, 'proposed')).status).toBe(200)
}

const asked = async (id: string, path = '') => {
  const { status, json } = await host.harness.call('GET', `/api/plugins/${id}${path}`)
  return status === 200 ? 200 : { status, code: json['code'], plugin: json['plugin'] }
}

describe('while a mandatory plugin is down', () => {
  const closed = { status: 503, code: 'plugin_unavailable', plugin: 'gate' }

  it('nobody gets past it: what needs it answers 503 with its name, and so does what needs that', async () => {
    await host.harness.install(await plugin('gate', undefined, 'mandatory'))
    await host.harness.install(await plugin('shop', 'gate', 'degradable'))
    await host.harness.install(await plugin('offers', 'shop', 'degradable'))
    await host.harness.install(await plugin('notes', 'shop', 'degradable', true))
    expect([await asked('shop'), await asked('offers'), await asked('notes', '/far')]).toEqual([200, 200, 200])
    await kill('gate')
    expect([await asked('shop'), await asked('offers')]).toEqual([closed, closed])
    expect(await host.harness.call('GET', '/api/plugins/shop')).toMatchObject({ headers: { 'retry-after': '5' } })
    // What can do without goes on, and gets nothing from behind the closed door.
    expect(await asked('notes')).toBe(200)
    expect(await asked('notes', '/far')).toMatchObject({ status: 503, code: 'capability_unavailable' })
  })

  it('is the end of its closing when it serves again', async () => {
    await host.harness.install(await plugin('gate', undefined, 'mandatory'))
    await host.harness.install(await plugin('shop', 'gate', 'degradable'))
    await kill('gate')
    expect(await asked('shop')).toEqual(closed)
    const [order] = (await host.harness.call('GET', '/api/admin/kill-switch', { as: 'admin' })).json['orders'] as {
      id: string
    }[]
    const release = { id: order?.id as string, reason: 'mended' }
    host.harness.stepUp.grant('kill-switch.release', release)
    const { id } = release
    const body = { reason: 'mended' }
    expect(
      (await host.harness.call('POST', `/api/admin/kill-switch/${id}/release`, { as: 'admin', body })).status,
    ).toBe(200)
    host.harness.stepUp.grant('kill-switch.confirm', { id })
    expect((await confirmed(id, 'releasing')).status).toBe(200)
    expect(await asked('shop')).toBe(200)
  })

  it('it is closed from the order on, not only when the last answer of the killed one is given', async () => {
    await host.harness.install(await plugin('gate', undefined, 'mandatory'))
    await host.harness.install(await plugin('shop', 'gate', 'degradable'))
    let isAnswered = false
    const waiting = host.harness.call('GET', '/api/plugins/gate/slow').finally(() => (isAnswered = true))
    await host.harness.until(async () => (await host.harness.view('gate'))['requestsInFlight'] === 1)
    const killed = kill('gate')
    await host.harness.until(async () => (await asked('shop')) !== 200)
    expect([await asked('shop'), isAnswered]).toEqual([closed, false])
    await Promise.all([killed, waiting])
  })

  it('a degradable one lets those go on that need it', async () => {
    await host.harness.install(await plugin('gate', undefined, 'degradable'))
    await host.harness.install(await plugin('shop', 'gate', 'degradable'))
    await kill('gate')
    expect([await asked('shop'), await asked('shop', '/far')]).toEqual([
      200,
      { status: 503, code: 'capability_unavailable', plugin: undefined },
    ])
  })

  it.each(['mandatory', 'degradable'] as const)('a restart changes nothing of it: %s', async (criticality) => {
    await host.harness.install(await plugin('gate', undefined, criticality))
    await host.harness.install(await plugin('shop', 'gate', 'degradable'))
    await kill('gate')
    const before = [await asked('shop'), await asked('shop', '/far')]
    await host.harness.stop()
    await host.boot()
    expect([await asked('shop'), await asked('shop', '/far')]).toEqual(before)
  })
})
