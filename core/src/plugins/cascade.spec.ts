import { DesiredStates } from './journal/desired.ts'
import { keyOf } from './lifecycle/lookup.ts'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { hostForEach } from './testing/host-for-each.ts'
import { putDesired } from './testing/put-desired.ts'

const host = hostForEach()

type Needs = Record<string, string>

/** A plugin that provides `<id>.self` in its version's major, and calls what it needs. */
function pack(id: string, version: string, needs: Needs = {}, start = '') {
  return packFixture({
    id,
    version,
    routes: [route('GET', '/chain')],
    manifest: {
      provides: { [`${id}.self`]: version },
      consumes: Object.entries(needs).map(([capability, range]) => ({ capability, range })),
    },
    start: `const needs = ${JSON.stringify(Object.keys(needs))}.map((name) => context.capabilities.consume(name))
      const chain = async () => [context.id + ' ' + context.version, ...(await Promise.all(needs.map((one) => one.chain()))).flat()]
      context.capabilities.provide(context.id + '.self', { chain })
      context.route({ method: 'GET', path: '/chain', summary: 'x', handler: async () => ({ chain: await chain() }) })
      ${start}`,
  })
}

/** inner <- middle <- outer, all in version 1. */
async function three(): Promise<void> {
  await host.harness.install(await pack('inner', '1.0.0'))
  await host.harness.install(await pack('middle', '1.0.0', { 'inner.self': '^1' }))
  await host.harness.install(await pack('outer', '1.0.0', { 'middle.self': '^1', 'inner.self': '*' }))
}

const chain = async (id: string) => (await host.harness.call('GET', `/api/plugins/${id}/chain`)).json['chain']
const old = ['outer 1.0.0', 'middle 1.0.0', 'inner 1.0.0', 'inner 1.0.0']

describe('disabling with cascade', () => {
  it('stops dependants first, the outermost at the beginning, and enabling starts them again in order', async () => {
    await three()
    expect(await host.harness.change('disable', 'inner')).toMatchObject({
      status: 409,
      json: { code: 'plugin_has_dependants', dependants: expect.arrayContaining(['middle', 'outer']) as string[] },
    })
    expect(await host.harness.change('disable', 'inner', { cascade: true })).toMatchObject({ status: 200 })
    const rows = await host.data.core
      .collection<{ plugin: string; to: string; at: Date }>('plugin_journal')
      .find({ to: 'STOPPED' }, { sort: { at: 1 } })
      .toArray()
    expect(rows.map(({ plugin }) => plugin)).toEqual(['outer', 'middle', 'inner'])
    expect(await host.harness.view('outer')).toMatchObject({ enabled: false, reason: 'disabled with inner' })
    expect(await host.harness.change('enable', 'inner', { cascade: true })).toMatchObject({ status: 200 })
    expect(await chain('outer')).toEqual(old)
  }, 30_000)

  it('leaves alone what somebody had disabled before', async () => {
    await three()
    await host.harness.change('disable', 'outer')
    await host.harness.change('disable', 'inner', { cascade: true })
    await host.harness.change('enable', 'inner', { cascade: true })
    expect(await host.harness.view('middle')).toMatchObject({ state: 'ACTIVE' })
    expect(await host.harness.view('outer')).toMatchObject({ enabled: false })
  }, 30_000)
})

describe('upgrading with cascade', () => {
  it('takes dependants along in the newest versions that fit', async () => {
    await three()
    await host.harness.upload(await pack('inner', '2.0.0'))
    await host.harness.upload(await pack('middle', '1.1.0', { 'inner.self': '^2' }))
    const upgraded = await host.harness.change('upgrade', 'inner', { version: '2.0.0', cascade: true })
    expect(upgraded).toMatchObject({ status: 200, json: { version: '2.0.0' } })
    expect(await chain('outer')).toEqual(['outer 1.0.0', 'middle 1.1.0', 'inner 2.0.0', 'inner 2.0.0'])
    expect(await host.harness.view('middle')).toMatchObject({ previous: '1.0.0', desired: { version: '1.1.0' } })
    // It was only started again: there is nothing to go back to.
    expect(await host.harness.view('outer')).toMatchObject({ previous: null, desired: { version: '1.0.0' } })
  }, 30_000)

  it('is refused with the list when no version of a dependant fits', async () => {
    await three()
    await host.harness.upload(await pack('inner', '2.0.0'))
    expect(await host.harness.change('upgrade', 'inner', { version: '2.0.0', cascade: true })).toMatchObject({
      status: 409,
      json: { code: 'plugin_has_dependants', dependants: ['middle', 'outer'] },
    })
    expect(await chain('outer')).toEqual(old)
  }, 30_000)

  it('is taken back when a dependant does not start', async () => {
    await three()
    await host.harness.upload(await pack('inner', '2.0.0'))
    await host.harness.upload(await pack('middle', '1.1.0', { 'inner.self': '^2' }, `throw new Error('no licence')`))
    expect(await host.harness.change('upgrade', 'inner', { version: '2.0.0', cascade: true })).toMatchObject({
      status: 422,
      json: { code: 'plugin_start_failed', plugin: 'middle' },
    })
    expect(await chain('outer')).toEqual(old)
    expect(await host.harness.view('inner')).toMatchObject({ version: '1.0.0', desired: { version: '1.0.0' } })
  }, 30_000)

  it('is finished at the next start when the host stopped in the middle of it', async () => {
    await three()
    await host.harness.upload(await pack('inner', '2.0.0'))
    await host.harness.upload(await pack('middle', '1.1.0', { 'inner.self': '^2' }))
    await host.harness.change('upgrade', 'inner', { version: '2.0.0', cascade: true })
    await host.harness.stop()
    // As it was when the plugin had taken over and its dependants were still to follow.
    const states = new DesiredStates(host.data.core)
    const middle = await states.get('middle')
    const inner = await states.get('inner')
    if (!middle?.previous || !inner) throw new Error('not there')
    const { previous, rollbackUntil: _, ...to } = middle
    await putDesired(host.data.core, { ...to, ...previous })
    await putDesired(host.data.core, { ...inner, companions: [{ from: previous, to }] })
    await host.boot()
    expect(await chain('outer')).toEqual(['outer 1.0.0', 'middle 1.1.0', 'inner 2.0.0', 'inner 2.0.0'])
  }, 30_000)

  describe('that the end of the host interrupted before any of its code had run', () => {
    /** As it was then: the dependants were stopped, and no package but the old ones had been started. */
    async function interrupted(start = ''): Promise<void> {
      await three()
      await host.harness.upload(await pack('inner', '2.0.0', {}, start))
      await host.harness.upload(await pack('middle', '1.1.0', { 'inner.self': '^2' }))
      const { json } = await host.harness.call('GET', '/api/admin/plugins', { as: 'admin' })
      const packages = json['packages'] as { id: string; version: string; sha512: string }[]
      const digestOf = (id: string, version: string) =>
        packages.find((one) => one.id === id && one.version === version)?.sha512 ?? ''
      await host.harness.stop()
      const states = new DesiredStates(host.data.core)
      const [inner, middle, outer] = await Promise.all(['inner', 'middle', 'outer'].map((id) => states.get(id)))
      if (!inner || !middle || !outer) throw new Error('not there')
      const to = { ...keyOf(inner), version: '2.0.0', digest: digestOf('inner', '2.0.0') }
      const companion = { ...keyOf(middle), version: '1.1.0', digest: digestOf('middle', '1.1.0') }
      await putDesired(host.data.core, {
        ...inner,
        pending: { verb: 'upgrade', from: keyOf(inner), to },
        companions: [
          { from: keyOf(middle), to: companion },
          { from: keyOf(outer), to: keyOf(outer) },
        ],
      })
    }
    const rows = async () => {
      const found = await host.data.core
        .collection<{ plugin: string; version: string; to: string; _id: string }>('plugin_journal')
        .find({ to: { $in: ['STARTING', 'ACTIVE'] } }, { sort: { at: 1 } })
        .toArray()
      return found.map(({ plugin, version, to }) => `${plugin} ${version} ${to}`)
    }

    it('goes on beside the versions before, which serve all that need them until the new one can', async () => {
      await interrupted()
      const before = (await rows()).length
      await host.boot()
      expect(await chain('outer')).toEqual(['outer 1.0.0', 'middle 1.1.0', 'inner 2.0.0', 'inner 2.0.0'])
      expect(await host.harness.view('middle')).toMatchObject({ previous: '1.0.0', desired: { version: '1.1.0' } })
      const since = (await rows()).slice(before)
      const at = (row: string) => since.indexOf(row)
      expect(at('outer 1.0.0 ACTIVE')).toBeGreaterThan(at('inner 1.0.0 ACTIVE'))
      expect(at('inner 2.0.0 STARTING')).toBeGreaterThan(at('outer 1.0.0 ACTIVE'))
      expect(at('middle 1.1.0 STARTING')).toBeGreaterThan(at('inner 2.0.0 ACTIVE'))
    }, 30_000)

    it('leaves all in the versions before when the new one does not start', async () => {
      await interrupted(`throw new Error('no licence')`)
      await host.boot()
      expect(await chain('outer')).toEqual(old)
      expect(await host.harness.view('inner')).toMatchObject({ version: '1.0.0', desired: { version: '1.0.0' } })
      expect(await new DesiredStates(host.data.core).get('inner')).not.toHaveProperty('companions')
    }, 30_000)
  })
})
