import { check, configOf, configure, hostsForEach, must, pack, shown } from './testing/settings-plugin.ts'

const { boot, given } = hostsForEach()

describe('settings of a plugin', () => {
  it('can be given with the installation, where the schema asks for one that has no default', async () => {
    const host = await boot()
    const version = '1.0.0'
    await host.upload(await pack(version, ['global', 'region'], 'inline', {}, must))
    const without = await host.change('install', 'demo', { version })
    expect(without).toMatchObject({ status: 422, json: { code: 'plugin_config_invalid' } })
    const wrong = await host.change('install', 'demo', { version, config: { place: 7 } })
    expect(wrong).toMatchObject({ status: 422, json: { mistakes: [{ pointer: '/place', rule: 'type' }] } })
    expect(await shown(host)).toMatchObject({ status: 404 })
    const config = { place: 'Bogotá', limit: 2 }
    expect(await host.change('install', 'demo', { version, config })).toMatchObject({ status: 200 })
    expect(host.audit.records.at(-1)).toMatchObject({ details: { version, config: '/limit /place' } })
    expect((await configOf(host, 'mx')).there).toMatchObject(config)
    expect((await shown(host)).json).toMatchObject({ revision: 1, global: config, regions: {} })
    const history = await host.call('GET', '/api/admin/plugins/demo/config/history', { as: 'admin' })
    expect(JSON.stringify(history.json)).toContain('"/limit","/place"')
  })

  it('can be given by a region to itself alone, which says nothing of what the others would have', async () => {
    const host = await boot()
    await host.upload(await pack('1.0.0', ['global', 'region'], 'inline', {}, must))
    const mine = { version: '1.0.0', region: 'br', config: { place: 'São Paulo' } }
    expect(await host.change('install', 'demo', mine, 'regional@br')).toMatchObject({ status: 200 })
    // It serves nobody else, so what it has where no region is meant is the same.
    const place = { place: 'São Paulo' }
    expect(await configOf(host, 'br')).toMatchObject({ all: place, there: place })
    expect((await shown(host)).json).toMatchObject({ regions: { br: place }, effective: { br: place } })
    expect((await shown(host)).json).not.toMatchObject({ effective: { mx: place } })
    const elsewhere = await host.change('enable', 'demo', { region: 'mx' }, 'regional@mx')
    expect(elsewhere).toMatchObject({
      status: 422,
      json: { causes: [{ code: 'config_in_region' }, { code: 'config_invalid' }] },
    })
    expect((await configOf(host, 'br')).there).toMatchObject(place)
    // Nor may it be taken away where it serves.
    const taken = { region: 'br', value: {}, revision: 1 }
    expect(await check(host, taken, 'regional@br')).toMatchObject({ status: 422 })
    expect(await configure(host, { value: { place: 'Bogotá' }, revision: 1 })).toMatchObject({ status: 200 })
    expect(await host.change('enable', 'demo', { region: 'mx' }, 'regional@mx')).toMatchObject({ status: 200 })
    expect((await configOf(host, 'mx')).there).toMatchObject({ place: 'Bogotá' })
  }, 30_000)

  it('are told and tried before the installation, which changes nothing', async () => {
    const host = await boot()
    const texts = { 'demo.title': 'Demo', 'config.place': 'Place' }
    await host.upload(
      await pack('1.0.0', ['global', 'region'], 'inline', { 'locales/en.json': JSON.stringify(texts) }, must),
    )
    const before = await host.call('GET', '/api/admin/plugins/demo/versions/1.0.0/config', { as: 'regional@br' })
    expect(before).toMatchObject({
      status: 200,
      json: { revision: 0, secrets: ['/token'], host: { limit: 1 }, texts: { en: { 'config.place': 'Place' } } },
    })
    const tried = (body: object, as = 'regional@br') =>
      host.call('POST', '/api/admin/plugins/demo/install/check', { as, body: { version: '1.0.0', ...body } })
    const missing = { status: 422, json: { mistakes: [{ pointer: '/place', rule: 'required' }] } }
    expect(await tried({ region: 'br' })).toMatchObject(missing)
    expect(await tried({ region: 'br', config: { place: 'São Paulo' } })).toMatchObject({
      status: 200,
      json: { effective: { br: { place: 'São Paulo', limit: 1 } } },
    })
    expect(await tried({ config: { place: 'São Paulo' } })).toMatchObject({ status: 403 })
    await host.upload(await pack('1.1.0', ['global', 'region'], 'inline', {}, { ...must, required: ['token'] }))
    const secret = [{ pointer: '/token', rule: 'secret', params: { missing: true } }]
    expect(await tried({ region: 'br', version: '1.1.0' })).toMatchObject({ status: 422, json: { mistakes: secret } })
    expect(await tried({ region: 'br', version: '9.9.9' })).toMatchObject({ json: { code: 'package_not_found' } })
    expect(await shown(host)).toMatchObject({ status: 404 })
    expect(await given.data.core.collection('plugin_settings').countDocuments()).toBe(0)
    await host.change('install', 'demo', { version: '1.0.0', config: { place: 'São Paulo' } })
    expect(await tried({}, 'admin')).toMatchObject({ status: 409, json: { code: 'plugin_installed' } })
  }, 30_000)
})
