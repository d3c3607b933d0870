import type { CanarySpec } from './canary/spec.ts'
import { type DesiredState, DesiredStates } from './journal/desired.ts'
import { keyOf } from './lifecycle/lookup.ts'
import { type GenerationKey, Journal } from './journal/journal.ts'
import type { State } from './journal/states.ts'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { Harness } from './testing/harness.ts'
import { dataForEach } from './testing/host-for-each.ts'
import { wayTo } from './testing/way.ts'

let harness: Harness | undefined

async function shutDown(): Promise<void> {
  await harness?.stop()
  harness = undefined
}

const given = dataForEach(shutDown)

const clock = { now: () => new Date() }
const pack = (version: string, first = '') =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    start: `${first}\ncontext.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })

async function boot(): Promise<Harness> {
  harness = await Harness.start(given.data, { dataDir: given.dataDir, firstInstall: [] })
  return harness
}

async function installed(): Promise<DesiredState> {
  return (await new DesiredStates(given.data.core).get('demo')) as DesiredState
}

const journal = () => new Journal(given.data.core, clock)

/** Rows as the host would have written them up to the moment at which it was killed. */
async function writeRows(key: GenerationKey, states: readonly State[]): Promise<void> {
  const [last] = await journal().of('demo', 1)
  for (const state of states) await journal().append(key, state, last?.token ?? 1)
}

const version = async () => (await (harness as Harness).call('GET', '/api/plugins/demo/version')).json['version']
const path = wayTo('CANARY')

describe('a host that was killed', () => {
  it('comes up with everything as it was', async () => {
    await (await boot()).install(await pack('1.0.0'))
    await shutDown()
    await boot()
    expect(await version()).toBe('1.0.0')
    expect((await harness?.host.readiness.check())?.detail).toMatchObject({
      plugins: [{ id: 'demo', state: 'ACTIVE' }],
    })
  })

  it('keeps a disabled plugin disabled, and a rolled-back one rolled back', async () => {
    const host = await boot()
    await host.install(await pack('1.0.0'))
    await host.upload(await pack('1.1.0'))
    await host.change('upgrade', 'demo')
    await host.change('rollback', 'demo')
    await shutDown()
    await boot()
    expect(await version()).toBe('1.0.0')
    await harness?.change('disable', 'demo')
    await shutDown()
    await boot()
    expect((await harness?.call('GET', '/api/plugins/demo/version'))?.status).toBe(503)
  })

  it.each(path)('in a first installation at %s takes it up again', async (state) => {
    const host = await boot()
    await host.upload(await pack('1.0.0'))
    const digest = await digestOf(host, '1.0.0')
    await shutDown()
    const key = { plugin: 'demo', version: '1.0.0', digest, configRevision: await revision() }
    await new DesiredStates(given.data.core).put({ ...key, enabled: true, since: new Date() })
    await writeRows(key, wayTo(state))
    await boot()
    expect(await version()).toBe('1.0.0')
    expect(await journal().state(key)).toBe('ACTIVE')
  })

  it.each(path)('in an upgrade at %s goes on or goes back, as the journal says', async (state) => {
    const { from, to } = await interruptedUpgrade(wayTo(state))
    await boot()
    const codeHasRun = wayTo(state).includes('STARTING')
    expect(await version()).toBe(codeHasRun ? '1.0.0' : '1.1.0')
    expect(await journal().state(to)).toBe(codeHasRun ? 'ROLLED_BACK' : 'ACTIVE')
    expect(await journal().state(from)).toBe(codeHasRun ? 'ACTIVE' : 'STOPPED')
    expect((await installed()).pending).toBeUndefined()
    expect((await installed()).previous?.version).toBe(codeHasRun ? undefined : '1.0.0')
  })

  it('in an upgrade that goes on keeps what a region has of its own, and the time in which it can be rolled back', async () => {
    const since = new Date(Date.now() - 3 * 24 * 3600 * 1000)
    await interruptedUpgrade(wayTo('VERIFIED'), { since, regions: { mx: { enabled: false, since } } })
    const host = await boot()
    expect(await version()).toBe('1.1.0')
    const { regions, previous, rollbackUntil } = await installed()
    expect(regions).toMatchObject({ mx: { enabled: false } })
    expect(previous?.version).toBe('1.0.0')
    expect(rollbackUntil?.getTime()).toBeGreaterThan(Date.now() + 23 * 3600 * 1000)
    expect((await host.call('GET', '/api/plugins/demo/version', { as: 'agent@mx' })).status).toBe(503)
    expect(await host.change('rollback', 'demo')).toMatchObject({ status: 200 })
  })

  it('in an upgrade that goes on serves the version before while the new one does not start', async () => {
    const { from, to } = await interruptedUpgrade(
      wayTo('VERIFIED'),
      {},
      await pack('1.1.0', `throw new Error('no licence')`),
    )
    await boot()
    expect(await version()).toBe('1.0.0')
    expect(await journal().state(from)).toBe('ACTIVE')
    expect((await journal().lastOf(to))?.causes).toMatchObject([{ code: 'start_failed' }])
    expect(await installed()).toMatchObject({ version: '1.0.0', enabled: true })
    expect(await installed()).not.toHaveProperty('pending')
  })

  it('before a canary had begun tries it out, and does not give it to everybody', async () => {
    const spec: CanarySpec = {
      cohort: { subjects: ['agent-7'] },
      minRequests: 100,
      minSeconds: 300,
      budgets: { errorRatio: 0.01, p95Ratio: 1.5, uiErrors: 0 },
      promote: 'auto',
    }
    const { from, to } = await interruptedUpgrade(wayTo('VERIFIED'))
    const { pending: _, ...state } = await installed()
    await new DesiredStates(given.data.core).put({ ...state, pending: { verb: 'upgrade', from, to, canary: { spec } } })
    const host = await boot()
    expect(await version()).toBe('1.0.0')
    expect((await host.call('GET', '/api/plugins/demo/version', { as: 'agent-7' })).json['version']).toBe('1.1.0')
    expect(await journal().state(to)).toBe('CANARY')
    expect((await installed()).version).toBe('1.0.0')
  })

  it('after the new version took over, while the old one drained, stays with the new one', async () => {
    const { from, to } = await interruptedUpgrade(wayTo('ACTIVE'))
    await writeRows(from, ['DRAINING'])
    await boot()
    expect(await version()).toBe('1.1.0')
    expect(await journal().state(to)).toBe('ACTIVE')
    expect(await journal().state(from)).toBe('STOPPED')
  })

  it.each(path)('in a change of one region at %s leaves no row of it half way', async (state) => {
    const host = await boot()
    await host.install(await pack('1.0.0'))
    await host.upload(await pack('1.1.0'))
    const digest = await digestOf(host, '1.1.0')
    await shutDown()
    const to = { ...keyOf(await installed()), version: '1.1.0', digest }
    await writeRows(to, wayTo(state))
    await boot()
    expect(await version()).toBe('1.0.0')
    const last = await journal().lastOf(to)
    expect(last?.to).toMatch(/^(REJECTED|FAILED|ROLLED_BACK)$/)
    expect(last?.causes).toEqual([{ code: 'change_interrupted', params: { version: '1.1.0', state } }])
    // It can be asked for again.
    const again = await harness?.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    expect(again).toMatchObject({ status: 200 })
    expect(await journal().state(to)).toBe('ACTIVE')
  })

  it('after a region had another version, notes that the one before has stopped', async () => {
    const host = await boot()
    await host.install(await pack('1.0.0'))
    for (const more of ['1.1.0', '1.2.0']) await host.upload(await pack(more))
    await host.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    const before = await installed()
    await host.change('upgrade', 'demo', { version: '1.2.0', region: 'mx' })
    const own = before.regions?.['mx']?.generation as GenerationKey
    await shutDown()
    await writeRows(own, ['STARTING', 'READY', 'CANARY', 'ACTIVE'])
    await boot()
    expect(await journal().state(own)).toBe('STOPPED')
    expect((await installed()).regions?.['mx']?.generation?.version).toBe('1.2.0')
  })

  it('while it started what had served before starts that again, however often', async () => {
    await (await boot()).install(await pack('1.0.0'))
    await shutDown()
    await writeRows(
      await installed(),
      Array.from({ length: 5 }, () => 'STARTING' as const),
    )
    await boot()
    expect(await version()).toBe('1.0.0')
  })

  it('three times by the same version, which never served, gives that version up until somebody asks for it', async () => {
    await (await boot()).install(await pack('1.0.0'))
    await shutDown()
    await given.data.core.collection('plugin_journal').deleteMany({ to: 'ACTIVE' })
    // The first start is that of the installation.
    await writeRows(await installed(), ['STARTING', 'STARTING'])
    await boot()
    const { json } = (await harness?.call('GET', '/api/admin/plugins/demo', { as: 'admin' })) as { json: object }
    const causes = [{ code: 'start_interrupted', params: { count: 3 } }]
    expect(json).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('stopped 3 times') as string,
      causes,
    })
    expect((await harness?.change('enable', 'demo'))?.status).toBe(200)
    expect(await version()).toBe('1.0.0')
  })
})

it('tells a reason that was stored before there were codes by its sentence', async () => {
  await (await boot()).install(await pack('1.0.0'))
  await shutDown()
  const [last] = await journal().of('demo', 1)
  await journal().append(await installed(), 'DRAINING', last?.token ?? 1, { reason: 'stored long ago' })
  await boot()
  const told = await harness?.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  expect(told?.json['transitions']).toContainEqual(expect.objectContaining({ reason: 'stored long ago', causes: [] }))
})

/** A host that ran 1.0.0 and was killed during the upgrade to 1.1.0 after these rows. */
async function interruptedUpgrade(
  rows: readonly State[],
  more: Partial<DesiredState> = {},
  upgrade?: Buffer,
): Promise<{ from: GenerationKey; to: GenerationKey }> {
  const host = await boot()
  await host.install(await pack('1.0.0'))
  await host.upload(upgrade ?? (await pack('1.1.0')))
  const digest = await digestOf(host, '1.1.0')
  await shutDown()
  const { enabled, since, ...from } = await installed()
  const to = { ...from, version: '1.1.0', digest }
  await new DesiredStates(given.data.core).put({
    ...from,
    enabled,
    since,
    ...more,
    pending: { verb: 'upgrade', from, to },
  })
  await writeRows(to, rows)
  return { from, to }
}

async function digestOf(host: Harness, wanted: string): Promise<string> {
  const { json } = await host.call('GET', '/api/admin/plugins', { as: 'admin' })
  return (json['packages'] as { version: string; sha512: string }[]).find((entry) => entry.version === wanted)
    ?.sha512 as string
}

/** Revision of the empty configuration, as the host names it. */
async function revision(): Promise<string> {
  const { pluginConfig } = await import('./lifecycle/plugin-config.ts')
  const { fixtureManifest } = await import('./testing/fixture-plugin.ts')
  return pluginConfig(fixtureManifest({}), undefined).revision
}
