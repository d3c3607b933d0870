import { join } from 'node:path'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { type Answer, Harness } from './testing/harness.ts'
import { dataForEach } from './testing/host-for-each.ts'

const hosts: Harness[] = []
const given = dataForEach(async () => {
  for (const host of hosts.splice(0)) await host.stop()
})

async function boot(): Promise<Harness> {
  const host = await Harness.start(given.data, { dataDir: join(given.dataDir, 'one'), firstInstall: [] })
  hosts.push(host)
  return host
}

const pack = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    start:
      "context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })",
  })
const said = ({ status, json }: Answer) => [status, json['code']]
const reason = 'a fair in the region until Friday'
const want = (host: Harness, body: object, as = 'admin') => host.change('want', 'demo', { reason, ...body }, as)
const served = async (host: Harness, as: string) =>
  (await host.call('GET', '/api/plugins/demo/version', { as })).json['version']
const upgrade = (host: Harness, version: string, more = {}) => host.change('upgrade', 'demo', { version, ...more })

describe('the versions that are wanted of a plugin', () => {
  it('are one for as long as it is pinned: nobody moves it, until the pin is taken away', async () => {
    let host = await boot()
    await host.install(await pack('1.0.0'))
    for (const version of ['1.1.0', '1.2.0']) await host.upload(await pack(version))
    expect(await upgrade(host, '1.1.0')).toMatchObject({ status: 200 })
    expect(await want(host, { pinned: true })).toMatchObject({
      status: 200,
      json: { version: '1.1.0', desired: { range: null, pinned: { reason } } },
    })
    const pinned = async () => {
      expect(said(await upgrade(host, '1.2.0'))).toEqual([409, 'plugin_pinned'])
      const canary = { percent: 50 }
      expect(said(await upgrade(host, '1.2.0', { canary }))).toEqual([409, 'plugin_pinned'])
      expect(said(await host.change('rollback', 'demo'))).toEqual([409, 'plugin_pinned'])
      expect(await served(host, 'agent')).toBe('1.1.0')
    }
    await pinned()
    await hosts.pop()?.stop()
    host = await boot()
    await pinned()
    await host.change('disable', 'demo')
    await host.change('enable', 'demo')
    await pinned()
    expect(await want(host, {})).toMatchObject({ status: 200, json: { desired: { pinned: null } } })
    expect(await upgrade(host, '1.2.0')).toMatchObject({ status: 200 })
    const audited = host.audit.records.find(({ action }) => action === 'plugin.want')
    expect(audited).toMatchObject({ outcome: 'allowed', resource: 'demo', details: { reason } })
  }, 60_000)

  it('are those of a range that it is in, and no other', async () => {
    const host = await boot()
    await host.install(await pack('1.0.0'))
    for (const version of ['1.0.1', '1.1.0']) await host.upload(await pack(version))
    expect(said(await want(host, { range: 'one' }))).toEqual([400, 'invalid_request'])
    expect(said(await want(host, { range: '^2.0.0' }))).toEqual([409, 'plugin_out_of_range'])
    expect(said(await host.call('POST', '/api/admin/plugins/demo/want', { as: 'admin', body: {} }))[0]).toBe(400)
    expect(await want(host, { range: '~1.0.0' })).toMatchObject({ status: 200, json: { desired: { range: '~1.0.0' } } })
    expect(said(await upgrade(host, '1.1.0'))).toEqual([409, 'plugin_out_of_range'])
    expect(await upgrade(host, '1.0.1')).toMatchObject({ status: 200, json: { desired: { range: '~1.0.0' } } })
    expect(await host.change('rollback', 'demo')).toMatchObject({ status: 200, json: { desired: { range: '~1.0.0' } } })
  }, 60_000)

  it('are pinned in one region, which keeps its version while the others go on', async () => {
    const host = await boot()
    await host.install(await pack('1.0.0'))
    await host.upload(await pack('1.1.0'))
    expect(said(await want(host, { pinned: true }, 'regional@mx'))).toEqual([403, 'forbidden'])
    const regions = [
      { region: 'br', differs: false, pinned: null },
      { region: 'mx', differs: true, version: '1.0.0', pinned: { reason } },
    ]
    expect(await want(host, { region: 'mx', pinned: true }, 'regional@mx')).toMatchObject({ status: 200 })
    expect(await host.view('demo')).toMatchObject({ regions })
    expect(await upgrade(host, '1.1.0')).toMatchObject({ status: 200 })
    expect([await served(host, 'agent@br'), await served(host, 'agent@mx')]).toEqual(['1.1.0', '1.0.0'])
    expect(said(await upgrade(host, '1.1.0', { region: 'mx' }))).toEqual([409, 'plugin_pinned'])
    expect(await want(host, { region: 'mx' })).toMatchObject({ status: 200 })
    expect(await upgrade(host, '1.1.0', { region: 'mx' })).toMatchObject({ status: 200 })
    expect(await host.view('demo')).toMatchObject({ regions: [{ differs: false }, { differs: false, pinned: null }] })
  }, 60_000)
})
