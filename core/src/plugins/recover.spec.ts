import { keyOf } from './lifecycle/lookup.ts'
import type { GenerationKey } from './journal/journal.ts'
import { pluginConfig } from './lifecycle/plugin-config.ts'
import { fixtureManifest } from './testing/fixture-plugin.ts'
import { packDemo, restartedHostForEach } from './testing/restarted-host.ts'
import { wayTo } from './testing/way.ts'
import { putDesired } from './testing/put-desired.ts'

const host = restartedHostForEach()
const path = wayTo('CANARY')
/** Of the empty configuration, as the host names it. */
const { revision } = pluginConfig(fixtureManifest({}), undefined)

describe('a host that was killed', () => {
  it('comes up with everything as it was', async () => {
    await (await host.boot()).install(await packDemo('1.0.0'))
    await host.shutDown()
    await host.boot()
    expect(await host.version()).toBe('1.0.0')
    expect((await host.harness.host.readiness.check())?.detail).toMatchObject({
      plugins: [{ id: 'demo', state: 'ACTIVE' }],
    })
  })

  it('keeps a disabled plugin disabled, and a rolled-back one rolled back', async () => {
    const harness = await host.boot()
    await harness.install(await packDemo('1.0.0'))
    await harness.upload(await packDemo('1.1.0'))
    await harness.change('upgrade', 'demo')
    await harness.change('rollback', 'demo')
    await host.shutDown()
    await host.boot()
    expect(await host.version()).toBe('1.0.0')
    await host.harness.change('disable', 'demo')
    await host.shutDown()
    await host.boot()
    expect((await host.harness.call('GET', '/api/plugins/demo/version')).status).toBe(503)
  })

  it.each(path)('in a first installation at %s takes it up again', async (state) => {
    const harness = await host.boot()
    await harness.upload(await packDemo('1.0.0'))
    const digest = await host.digestOf('1.0.0')
    await host.shutDown()
    const key = { plugin: 'demo', version: '1.0.0', digest, configRevision: revision }
    await putDesired(host.given.data.core, { ...key, enabled: true, since: new Date() })
    await host.writeRows(key, wayTo(state))
    await host.boot()
    expect(await host.version()).toBe('1.0.0')
    expect(await host.journal.state(key)).toBe('ACTIVE')
  })

  it.each(path)('in a change of one region at %s leaves no row of it half way', async (state) => {
    const harness = await host.boot()
    await harness.install(await packDemo('1.0.0'))
    await harness.upload(await packDemo('1.1.0'))
    const digest = await host.digestOf('1.1.0')
    await host.shutDown()
    const to = { ...keyOf(await host.installed()), version: '1.1.0', digest }
    await host.writeRows(to, wayTo(state))
    await host.boot()
    expect(await host.version()).toBe('1.0.0')
    const last = await host.journal.lastOf(to)
    expect(last?.to).toMatch(/^(REJECTED|FAILED|ROLLED_BACK)$/)
    expect(last?.causes).toEqual([{ code: 'change_interrupted', params: { version: '1.1.0', state } }])
    // It can be asked for again.
    const again = await host.harness.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    expect(again).toMatchObject({ status: 200 })
    expect(await host.journal.state(to)).toBe('ACTIVE')
  })

  it('after a region had another version, notes that the one before has stopped', async () => {
    const harness = await host.boot()
    await harness.install(await packDemo('1.0.0'))
    for (const more of ['1.1.0', '1.2.0']) await harness.upload(await packDemo(more))
    await harness.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    const before = await host.installed()
    await harness.change('upgrade', 'demo', { version: '1.2.0', region: 'mx' })
    const own = before.regions?.['mx']?.generation as GenerationKey
    await host.shutDown()
    await host.writeRows(own, ['STARTING', 'READY', 'CANARY', 'ACTIVE'])
    await host.boot()
    expect(await host.journal.state(own)).toBe('STOPPED')
    expect((await host.installed()).regions?.['mx']?.generation?.version).toBe('1.2.0')
  })

  it('while it started what had served before starts that again, however often', async () => {
    await (await host.boot()).install(await packDemo('1.0.0'))
    await host.shutDown()
    await host.writeRows(
      await host.installed(),
      Array.from({ length: 5 }, () => 'STARTING' as const),
    )
    await host.boot()
    expect(await host.version()).toBe('1.0.0')
  })

  it('three times by the same version, which never served, gives that version up until somebody asks for it', async () => {
    await (await host.boot()).install(await packDemo('1.0.0'))
    await host.shutDown()
    await host.given.data.core.collection('plugin_journal').deleteMany({ to: 'ACTIVE' })
    // The first start is that of the installation.
    await host.writeRows(await host.installed(), ['STARTING', 'STARTING'])
    await host.boot()
    const { json } = (await host.harness.call('GET', '/api/admin/plugins/demo', { as: 'admin' })) as { json: object }
    const causes = [{ code: 'start_interrupted', params: { count: 3 } }]
    expect(json).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('stopped 3 times') as string,
      causes,
    })
    expect((await host.harness.change('enable', 'demo')).status).toBe(200)
    expect(await host.version()).toBe('1.0.0')
  })
})

it('tells a reason that was stored before there were codes by its sentence', async () => {
  await (await host.boot()).install(await packDemo('1.0.0'))
  await host.shutDown()
  const [last] = await host.journal.of('demo', 1)
  await host.journal.append(await host.installed(), 'DRAINING', last?.token ?? 1, { reason: 'stored long ago' })
  await host.boot()
  const told = await host.harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  expect(told.json['transitions']).toContainEqual(expect.objectContaining({ reason: 'stored long ago', causes: [] }))
})
