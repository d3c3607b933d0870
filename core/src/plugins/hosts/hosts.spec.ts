import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Lease, Leases } from '../../jobs/leases.ts'
import { type DesiredState, DesiredStates } from '../journal/desired.ts'
import { Journal } from '../journal/journal.ts'
import { because } from '../journal/reasons.ts'
import { keyOf } from '../lifecycle/lookup.ts'
import { Catalogue, type CatalogueEntry } from '../store/catalogue.ts'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { type Answer, Harness } from '../testing/harness.ts'
import { dataForEach } from '../testing/host-for-each.ts'
import { wayTo } from '../testing/way.ts'
import { putDesired } from '../testing/put-desired.ts'

const hosts: Harness[] = []
const given = dataForEach(async () => {
  for (const host of hosts.splice(0)) await host.stop()
})

/** @param refuses a version that does not start on this host */
async function boot(folder: string, refuses = 'none'): Promise<Harness> {
  const dataDir = join(given.dataDir, folder)
  const host = await Harness.start(given.data, { dataDir, firstInstall: [], pluginConfig: { demo: { refuses } } })
  hosts.push(host)
  return host
}

const schema = { type: 'object', additionalProperties: false, properties: { refuses: { type: 'string' } } }
const pack = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    manifest: { config: { schema } },
    start: `if (context.config.refuses === context.version) throw new Error('not on this host')
      context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })

async function served(host: Harness, as: string) {
  const { status, json } = await host.call('GET', '/api/plugins/demo/version', { as })
  return json['version'] ?? status
}

async function pair(refuses?: string): Promise<readonly [Harness, Harness]> {
  const one = await boot('one')
  await one.install(await pack('1.0.0'))
  await one.upload(await pack('1.1.0'))
  return [one, await boot('two', refuses)]
}

describe('a change of one region', () => {
  it('is made when every host serves it: its version, none, and what the rest has', async () => {
    const [one, two] = await pair()
    expect(await one.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })).toMatchObject({ status: 200 })
    expect([await served(two, 'agent@br'), await served(two, 'agent@mx')]).toEqual(['1.0.0', '1.1.0'])
    expect(await two.change('disable', 'demo', { region: 'mx' })).toMatchObject({ status: 200 })
    expect([await served(one, 'agent@br'), await served(one, 'agent@mx')]).toEqual(['1.0.0', 503])
    expect(await one.change('upgrade', 'demo', { version: '1.1.0', region: 'br' })).toMatchObject({ status: 200 })
    expect([await served(two, 'agent@br'), await served(two, 'agent@mx')]).toEqual(['1.1.0', 503])
    // A host says what it runs itself a moment later.
    await one.until(async () => {
      const nodes = (await one.view('demo'))['nodes'] as { skew: boolean }[]
      return nodes.length === 2 && nodes.every(({ skew }) => !skew)
    })
  })

  it('is taken back everywhere when the version does not start on one host', async () => {
    const [one, two] = await pair('1.1.0')
    const answer = await one.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    expect(answer).toMatchObject({ status: 422, json: { code: 'plugin_start_failed', version: '1.1.0' } })
    expect(answer.json['detail']).toContain('not on this host')
    for (const host of [one, two])
      expect([await served(host, 'agent@br'), await served(host, 'agent@mx')]).toEqual(['1.0.0', '1.0.0'])
    expect((await one.view('demo'))['regions']).toMatchObject([{ differs: false }, { differs: false }])
    const { transitions } = (await one.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })).json
    const last = (transitions as { version: string; to: string }[]).find(({ version }) => version === '1.1.0')
    expect(last?.to).toBe('FAILED')
  })
})

describe('a change of several plugins', () => {
  const packOf = (id: string, version: string, needs: Record<string, string> = {}, first = '') =>
    packFixture({
      ...{ id, version, routes: [route('GET', '/version')] },
      manifest: {
        provides: { [`${id}.self`]: version },
        consumes: Object.entries(needs).map(([capability, range]) => ({ capability, range })),
      },
      start: `${first}
        context.capabilities.provide('${id}.self', {})
        context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
    })
  const versions = async (hostsAsked: readonly Harness[]) => {
    const asked = hostsAsked.flatMap((host) => ['base', 'other'].map((id) => [host, id] as const))
    const answers = await Promise.all(asked.map(([host, id]) => host.call('GET', `/api/plugins/${id}/version`)))
    return answers.map(({ status, json }) => json['version'] ?? status)
  }

  it('is taken back by another host when its own is gone, made by all when it is asked again, and none of it where one does not start', async () => {
    const one = await boot('one')
    for (const version of ['1.0.0', '2.0.0']) {
      const needs = { 'base.self': `^${version}` }
      for (const tarball of [await packOf('base', version), await packOf('other', version, needs)])
        await (version === '1.0.0' ? one.install(tarball) : one.upload(tarball))
    }
    const two = await boot('two')
    await one.until(async () => (await versions([two])).join() === '1.0.0,1.0.0')
    const states = new DesiredStates(given.data.core)
    const catalogue = new Catalogue(given.data.core)
    const journal = new Journal(given.data.core, { now: () => new Date() })
    const changeOf = async (id: string, version = '2.0.0') => {
      const from = keyOf((await states.get(id)) as DesiredState)
      const { digest } = (await catalogue.find(id, version)) as CatalogueEntry
      return { from, to: { ...from, version, digest } }
    }
    const base = await changeOf('base')
    // As the host that was asked had written it down when it ended.
    const [last] = await journal.of('base', 1)
    for (const state of wayTo('VERIFIED')) await journal.append(base.to, state, last?.token ?? 1)
    const other = await changeOf('other')
    await putDesired(given.data.core, {
      ...((await states.get('base')) as DesiredState),
      ...{ pending: { verb: 'upgrade', ...base }, companions: [other] },
    })
    // And stopped what changes with it.
    const [lastOther] = await journal.of('other', 1)
    for (const state of ['DRAINING', 'STOPPED'] as const) await journal.append(other.from, state, lastOther?.token ?? 1)
    await one.until(async () => (await states.get('base'))?.pending === undefined)
    expect(await states.get('base')).not.toHaveProperty('companions')
    await one.until(async () => isDeepStrictEqual(await versions([one, two]), Array(4).fill('1.0.0')))
    await one.until(async () => (await journal.state(base.to)) === 'REJECTED')
    let again: Answer | undefined
    await one.until(async () => {
      again = await two.change('upgrade', 'base', { version: '2.0.0', cascade: true })
      // Whoever settled it may not have let go yet.
      return again.json['code'] !== 'plugin_busy'
    })
    expect(again).toMatchObject({ status: 200, json: { version: '2.0.0', state: 'ACTIVE' } })
    const both = Array(4).fill('2.0.0')
    expect(await versions([one, two])).toEqual(both)
    await two.upload(await packOf('base', '3.0.0'))
    await two.upload(await packOf('other', '3.0.0', { 'base.self': '^3' }, "throw new Error('no licence')"))
    const refused = await one.change('upgrade', 'base', { version: '3.0.0', cascade: true })
    expect(refused).toMatchObject({ status: 422, json: { code: 'plugin_start_failed', plugin: 'other' } })
    await one.until(async () => isDeepStrictEqual(await versions([one, two]), both))
    expect((await states.all()).map(({ version }) => version)).toEqual(['2.0.0', '2.0.0'])
    expect((await one.change('disable', 'base', { cascade: true })).status).toBe(200)
    await one.until(async () => isDeepStrictEqual(await versions([one, two]), Array(4).fill(503)))
    expect((await two.change('enable', 'base', { cascade: true })).status).toBe(200)
    expect(await versions([one, two])).toEqual(both)

    // As a host had written it down that ended when all served the new version, but not yet what changes with it.
    await one.upload(await packOf('base', '2.1.0'))
    await one.upload(await packOf('other', '2.1.0', { 'base.self': '^2.1.0' }))
    expect((await one.change('upgrade', 'base', { version: '2.1.0' })).status).toBe(200)
    const left = await changeOf('other', '2.1.0')
    await putDesired(given.data.core, { ...((await states.get('base')) as DesiredState), companions: [left] })
    await one.until(async () => isDeepStrictEqual(await versions([one, two]), Array(4).fill('2.1.0')))
    await one.until(async () => (await states.get('base'))?.companions === undefined)
    for (const host of [one, two])
      expect(await host.view('other')).toMatchObject({ state: 'ACTIVE', version: '2.1.0', previous: '2.0.0' })

    // As one had that ended when it had stopped what was to be disabled together, and nothing more.
    const leases = new Leases(given.data.core, 'gone', { now: () => new Date() })
    let lease: Lease | undefined
    await one.until(async () => (lease = await leases.acquire('plugin:other', 60_000)) !== undefined)
    await journal.append(left.to, 'DRAINING', lease?.token ?? 1, because('disabled_with', { plugin: 'base' }))
    await journal.append(left.to, 'STOPPED', lease?.token ?? 1)
    await leases.release(lease as Lease)
    await one.until(async () => (await journal.of('other', 1))[0]?.to === 'ACTIVE')
    await one.until(async () => isDeepStrictEqual(await versions([one, two]), Array(4).fill('2.1.0')))
    // On a machine that has much else to do, all of this takes its time.
  }, 180_000)
})
