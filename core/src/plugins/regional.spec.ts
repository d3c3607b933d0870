import type { UiFeed } from '@dcesop/sdk-plugin/contracts'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { hostForEach } from './testing/host-for-each.ts'

const host = hostForEach()

const source = `
  const things = (region) => context.data.region(region).collection('demo_things')
  context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version, regions: context.data.regions }) })
  context.route({ method: 'GET', path: '/things/{region}', summary: 'x', handler: async ({ params }) => ({ version: context.version, count: await things(params.region).countDocuments() }) })
  context.route({ method: 'POST', path: '/publish/{region}', summary: 'x', handler: async ({ params }) => {
    await context.events.publish({ region: params.region, topic: 'demo.thing/v1', key: 'k', payload: {} }); return null } })
  context.events.subscribe('demo.thing/v1', (event) => things(event.region).insertOne({ _id: 'event ' + event.id + ' ' + context.version }))
  context.jobs.every('count', 500, async () => {
    for (const region of context.data.regions) await things(region).updateOne({ _id: 'job ' + context.version }, { $inc: { runs: 1 } }, { upsert: true })
  })`

function pack(version: string, more: object = {}) {
  return packFixture({
    version,
    routes: [route('GET', '/version'), route('GET', '/things/{region}'), route('POST', '/publish/{region}')],
    manifest: {
      provides: { 'demo.self': version },
      data: { collections: ['demo_things'], schemaVersion: 1 },
      backend: {
        entry: 'dist/server.cjs',
        isolation: 'inline',
        routes: [route('GET', '/version'), route('GET', '/things/{region}'), route('POST', '/publish/{region}')],
        jobs: [{ name: 'count', everyMs: 500 }],
        events: { publishes: ['demo.thing/v1'], subscribes: ['demo.thing/v1'] },
      },
      ui: { pages: [{ id: 'home', path: '/demo', expose: 'home', titleKey: 'demo.title', permission: 'demo:use' }] },
      ...more,
    },
    files: { 'dist/ui/remoteEntry.js': `/* ${version} */` },
    start: source,
  })
}

const seen = async (as: string) => {
  const { status, json } = await host.harness.call('GET', '/api/plugins/demo/version', { as })
  return status === 200 ? `${json['version'] as string} ${(json['regions'] as string[]).join()}` : status
}

async function screens(as: string): Promise<string> {
  const { json } = await host.harness.call('GET', '/api/ui/feed', { as })
  const { plugins, unavailable } = JSON.parse(json['payload'] as string) as UiFeed
  return plugins[0]?.version ?? `${unavailable[0]?.state}`
}

const things = (region: string) => host.data.region(region).collection<{ _id: string; runs?: number }>('demo_things')

describe('a plugin in each region', () => {
  it('is off in one and on in the other, for requests and screens, over restarts', async () => {
    await host.harness.install(await pack('1.0.0'))
    expect(await seen('agent@mx')).toBe('1.0.0 br,mx')
    expect(await host.harness.change('disable', 'demo', { region: 'mx' })).toMatchObject({
      status: 200,
      json: {
        state: 'ACTIVE',
        regions: [
          { region: 'br', enabled: true, serving: '1.0.0', differs: false },
          { region: 'mx', enabled: false, serving: null, differs: true },
        ],
      },
    })
    const check = async () => {
      expect([await seen('agent@br'), await seen('agent@mx')]).toEqual(['1.0.0 br', 503])
      expect([await screens('agent@br'), await screens('agent@mx')]).toEqual(['1.0.0', 'disabled'])
      // Of both regions: served where it is on, and nothing of the other's data.
      expect(await seen('agent')).toBe('1.0.0 br')
      expect((await host.harness.call('GET', '/api/plugins/demo/things/br')).status).toBe(200)
      expect((await host.harness.call('GET', '/api/plugins/demo/things/mx')).status).toBe(503)
    }
    await check()
    await host.harness.stop()
    await host.boot()
    await check()
    expect(await host.harness.change('enable', 'demo', { region: 'mx' })).toMatchObject({ status: 200 })
    expect([await seen('agent@br'), await seen('agent@mx')]).toEqual(['1.0.0 br,mx', '1.0.0 br,mx'])
  })

  it('has another version in one region, and goes back there alone', async () => {
    await host.harness.install(await pack('1.0.0'))
    await host.harness.upload(await pack('1.1.0'))
    const upgraded = await host.harness.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    expect(upgraded).toMatchObject({ status: 200, json: { version: '1.0.0', state: 'ACTIVE' } })
    const check = async () => {
      expect([await seen('agent@br'), await seen('agent@mx')]).toEqual(['1.0.0 br', '1.1.0 mx'])
      expect([await screens('agent@br'), await screens('agent@mx')]).toEqual(['1.0.0', '1.1.0'])
      // The data's region decides where a request names one of the person's.
      const of = async (region: string) =>
        (await host.harness.call('GET', `/api/plugins/demo/things/${region}`)).json['version']
      expect([await of('br'), await of('mx')]).toEqual(['1.0.0', '1.1.0'])
    }
    await check()
    await host.harness.stop()
    await host.boot()
    await check()
    expect(await host.harness.change('rollback', 'demo', { region: 'mx' })).toMatchObject({ status: 200 })
    expect(await seen('agent@mx')).toBe('1.0.0 br,mx')
    const { json } = await host.harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
    const last = (version: string) =>
      (json['transitions'] as { version: string; to: string }[]).find((row) => row.version === version)?.to
    expect([last('1.0.0'), last('1.1.0')]).toEqual(['ACTIVE', 'STOPPED'])
  })

  it('works on events and jobs where it serves only, each version for its own region', async () => {
    await host.harness.install(await pack('1.0.0'))
    await host.harness.upload(await pack('1.1.0'))
    await host.harness.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    for (const region of ['br', 'mx']) await things(region).deleteMany({})
    for (const region of ['br', 'mx']) await host.harness.call('POST', `/api/plugins/demo/publish/${region}`)
    const names = async (region: string) => (await things(region).find().toArray()).map(({ _id }) => _id)
    const has = async (region: string, version: string) => {
      const found = await names(region)
      return found.some((one) => one.startsWith('event')) && found.includes(`job ${version}`)
    }
    await host.harness.until(async () => (await has('br', '1.0.0')) && (await has('mx', '1.1.0')))
    expect((await names('br')).every((one) => one.endsWith('1.0.0'))).toBe(true)
    expect((await names('mx')).every((one) => one.endsWith('1.1.0'))).toBe(true)
  })

  it('changes no answer to anybody while it changes in the other', async () => {
    await host.harness.install(await pack('1.0.0'))
    const answers: number[] = []
    let loading = true
    const load = Array.from({ length: 4 }, async () => {
      while (loading)
        answers.push((await host.harness.call('GET', '/api/plugins/demo/version', { as: 'agent@br' })).status)
    })
    await host.harness.change('disable', 'demo', { region: 'mx' })
    await host.harness.change('enable', 'demo', { region: 'mx' })
    loading = false
    await Promise.all(load)
    expect([...new Set(answers)]).toEqual([200])
  })

  it('can be installed in one region alone', async () => {
    const put = await host.harness.upload(await pack('1.0.0'))
    expect(put.status).toBe(201)
    expect(await host.harness.change('install', 'demo', { region: 'br' })).toMatchObject({ status: 200 })
    expect([await seen('agent@br'), await seen('agent@mx')]).toEqual(['1.0.0 br', 503])
    expect(await host.harness.change('disable', 'demo', { region: 'xx' })).toMatchObject({ status: 404 })
  })

  it('is stopped everywhere and started as it was', async () => {
    await host.harness.install(await pack('1.0.0'))
    await host.harness.upload(await pack('1.1.0'))
    await host.harness.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    await host.harness.change('disable', 'demo')
    expect([await seen('agent@br'), await seen('agent@mx')]).toEqual([503, 503])
    await host.harness.change('enable', 'demo')
    expect([await seen('agent@br'), await seen('agent@mx')]).toEqual(['1.0.0 br', '1.1.0 mx'])
  })

  it('keeps what another plugin needs there, and gives it the version of its region', async () => {
    await host.harness.install(await pack('1.0.0'))
    await host.harness.install(
      await packFixture({
        id: 'other',
        manifest: { consumes: [{ capability: 'demo.self', range: '^1' }], regions: { allow: ['mx'] } },
      }),
    )
    await host.harness.change('disable', 'other', { region: 'br' })
    expect(await host.harness.change('disable', 'demo', { region: 'mx' })).toMatchObject({
      status: 409,
      json: { code: 'plugin_has_dependants', dependants: ['other'] },
    })
    expect(await host.harness.change('disable', 'demo', { region: 'br' })).toMatchObject({ status: 200 })
  })

  it('is changed by administrators of the region, and by nobody of another', async () => {
    await host.harness.install(await pack('1.0.0'))
    const disable = (as: string, body: object) => host.harness.change('disable', 'demo', body, as)
    expect(await disable('regional@mx', { region: 'br' })).toMatchObject({ status: 403, json: { code: 'forbidden' } })
    expect(await disable('regional@mx', {})).toMatchObject({ status: 403 })
    expect(host.harness.audit.records.filter(({ outcome }) => outcome === 'denied')).toHaveLength(2)
    expect(await disable('agent@mx', { region: 'mx' })).toMatchObject({ status: 403 })
    expect(await disable('regional@mx', { region: 'mx' })).toMatchObject({ status: 200 })
    expect([await seen('agent@br'), await seen('agent@mx')]).toEqual(['1.0.0 br', 503])
  })
})
