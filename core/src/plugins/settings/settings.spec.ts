import { check, configOf, configure, hostsForEach, pack, shown } from './testing/settings-plugin.ts'

const { boot, given, hosts } = hostsForEach()

describe.each(['inline', 'process'])('settings of a plugin that runs %s', (isolation) => {
  it("are the host's, overlaid by those for everywhere and by the region's, also after a restart", async () => {
    let host = await boot()
    await host.install(await pack('1.0.0', ['global', 'region'], isolation))
    expect(await configure(host, { value: { limit: 2 }, revision: 0 })).toMatchObject({ status: 200 })
    expect(await configure(host, { region: 'mx', value: { limit: 3 }, revision: 1 })).toMatchObject({
      status: 200,
      json: {
        revision: 2,
        scopes: ['global', 'region'],
        global: { limit: 2 },
        regions: { mx: { limit: 3 } },
        effective: { br: { greeting: 'from the host', limit: 2 }, mx: { greeting: 'from the host', limit: 3 } },
      },
    })
    const expected = async () => {
      const [br, mx] = [await configOf(host, 'br'), await configOf(host, 'mx')]
      expect(br.there).toMatchObject({ greeting: 'from the host', limit: 2 })
      expect(mx.there).toMatchObject({ greeting: 'from the host', limit: 3 })
      expect(mx.all).toEqual(br.there)
    }
    await expected()
    await hosts.pop()?.stop()
    host = await boot()
    await expected()
    expect(await configure(host, { region: 'mx', value: {}, revision: 2 })).toMatchObject({ status: 200 })
    expect((await configOf(host, 'mx')).there).toMatchObject({ limit: 2 })
  }, 60_000)
})

describe('settings of a plugin', () => {
  it('are set on the levels that its manifest declares, and on no other', async () => {
    const host = await boot()
    await host.install(await pack('1.0.0', ['region']))
    await host.upload(await pack('1.1.0', null))
    const refused = { status: 422, json: { code: 'plugin_scope_refused' } }
    expect(await configure(host, { value: { limit: 2 }, revision: 0 })).toMatchObject(refused)
    expect(await configure(host, { region: 'mx', value: { limit: 2 }, revision: 0 })).toMatchObject({ status: 200 })
    // A version that does not declare the level would pass over in silence what is set there.
    expect(await host.change('upgrade', 'demo', { version: '1.1.0' })).toMatchObject(refused)
    expect(await configure(host, { region: 'mx', value: {}, revision: 1 })).toMatchObject({ status: 200 })
    expect(await host.change('upgrade', 'demo', { version: '1.1.0' })).toMatchObject({ status: 200 })
    expect(await configure(host, { region: 'mx', value: { limit: 2 }, revision: 2 })).toMatchObject(refused)
    expect(await configure(host, { value: { limit: 2 }, revision: 2 })).toMatchObject({ status: 200 })
  }, 30_000)

  it('by tenant, which the platform does not have, keep a version out', async () => {
    const host = await boot()
    expect(await host.install(await pack('1.0.0', ['global', 'tenant']))).toMatchObject({
      status: 422,
      json: {
        code: 'plugin_scope_refused',
        causes: [{ code: 'config_scope_unknown', params: { plugin: 'demo', version: '1.0.0', scope: 'tenant' } }],
      },
    })
  })

  it('are held against the schema as each region would have them, and tried without a change', async () => {
    const host = await boot()
    await host.install(await pack())
    expect(await check(host, { region: 'mx', value: { limit: 4, greeting: 'hola' }, revision: 0 })).toMatchObject({
      status: 200,
      json: { changed: ['/greeting', '/limit'], effective: { br: { limit: 1 }, mx: { limit: 4, greeting: 'hola' } } },
    })
    const invalid = { status: 422, json: { code: 'plugin_config_invalid' } }
    for (const ask of [check, configure]) {
      const answer = await ask(host, { region: 'mx', value: { limit: 0 }, revision: 0 })
      expect(answer).toMatchObject(invalid)
      expect(answer.json['detail']).toMatch(/^In region mx: .*"\/limit" must be >= 1/)
      const mistake = { pointer: '/limit', rule: 'minimum', params: { limit: 1 } }
      expect(answer.json).toMatchObject({ region: 'mx', mistakes: [mistake] })
      const secret = [{ pointer: '/token', rule: 'secret', params: {} }]
      expect(await ask(host, { value: { token: 'in clear' }, revision: 0 })).toMatchObject(invalid)
      expect((await ask(host, { value: { token: 'in clear' }, revision: 0 })).json).toMatchObject({ mistakes: secret })
    }
    expect((await shown(host)).json).toMatchObject({ revision: 0, regions: {} })
    expect(await given.data.core.collection('plugin_settings').countDocuments()).toBe(0)
    expect(JSON.stringify(host.audit.records)).not.toContain('in clear')
  }, 30_000)

  it('belong in a region to its administrators, and everywhere to those of the platform, who confirm it', async () => {
    const host = await boot()
    await host.install(await pack())
    const mine = { region: 'mx', value: { limit: 9 }, revision: 0 }
    for (const body of [
      { ...mine, region: 'br' },
      { value: {}, revision: 0 },
    ]) {
      expect(await configure(host, body, 'regional@mx')).toMatchObject({ status: 403, json: { code: 'forbidden' } })
      expect(await check(host, body, 'regional@mx')).toMatchObject({ status: 403 })
    }
    const path = '/api/admin/plugins/demo/configure'
    expect(await host.call('POST', path, { as: 'regional@mx', body: mine })).toMatchObject({
      status: 403,
      json: { code: 'step_up_required', operation: 'plugin.configure', parameters: { id: 'demo', ...mine } },
    })
    expect(await configure(host, mine, 'regional@mx')).toMatchObject({ status: 200 })
    expect(host.audit.records.at(-1)).toMatchObject({
      action: 'plugin.configure',
      outcome: 'allowed',
      resource: 'demo',
      region: 'mx',
      actor: { subject: 'regional' },
      details: { from: 0, revision: 1, changed: '/limit' },
    })
    expect((await shown(host, 'regional@br')).json).toMatchObject({ regions: {}, effective: { br: { limit: 1 } } })
    expect((await shown(host, 'regional@br')).json['effective']).not.toHaveProperty('mx')
    // What held before can be looked up.
    expect((await shown(host, 'admin', '?revision=0')).json).toMatchObject({ revision: 0, regions: {} })
    expect(await shown(host, 'admin', '?revision=7')).toMatchObject({ status: 404 })
    expect((await shown(host, 'agent')).status).toBe(403)
  }, 30_000)

  it('are not set by two people at once', async () => {
    const host = await boot()
    await host.install(await pack())
    expect(await configure(host, { region: 'mx', value: { limit: 2 }, revision: 0 })).toMatchObject({ status: 200 })
    const late = await configure(host, { region: 'br', value: { limit: 3 }, revision: 0 })
    expect(late).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect(host.audit.records.at(-1)).toMatchObject({ outcome: 'failed', reason: 'conflict' })
  }, 30_000)

  it('with which a version does not start change nothing, in no region', async () => {
    const host = await boot()
    await host.install(await pack())
    await host.upload(await pack('1.1.0'))
    await host.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    expect(await configure(host, { region: 'mx', value: { limit: 2 }, revision: 0 })).toMatchObject({ status: 200 })
    // The version that most regions have takes it; that of the region does not start with it.
    const broken = await configure(host, { region: 'mx', value: { startable: false }, revision: 1 })
    expect(broken).toMatchObject({ status: 422, json: { code: 'plugin_start_failed' } })
    expect((await shown(host)).json).toMatchObject({ revision: 1, regions: { mx: { limit: 2 } } })
    expect(await configOf(host, 'br')).toMatchObject({ version: '1.0.0', there: { limit: 1 } })
    const mexico = await host.call('GET', '/api/plugins/demo/config/mx', { as: 'agent@mx' })
    expect(mexico.json).toMatchObject({ version: '1.1.0', there: { limit: 2 } })
  }, 30_000)

  it('stay with an upgrade and a rollback, and keep the version before the upgrade to go back to', async () => {
    const host = await boot()
    await host.install(await pack())
    await host.upload(await pack('1.1.0'))
    await configure(host, { region: 'mx', value: { limit: 2 }, revision: 0 })
    await host.change('upgrade', 'demo', { version: '1.1.0' })
    expect(await configOf(host, 'mx')).toMatchObject({ version: '1.1.0', there: { limit: 2 } })
    await configure(host, { region: 'mx', value: { limit: 3 }, revision: 1 })
    expect(await host.change('rollback', 'demo')).toMatchObject({ status: 200 })
    expect(await configOf(host, 'mx')).toMatchObject({ version: '1.0.0', there: { limit: 3 } })
  }, 30_000)

  it('hold on every host of the database as soon as they hold on one, and for a host that comes later', async () => {
    const one = await boot()
    await one.install(await pack())
    const two = await boot('two')
    expect((await configOf(two, 'mx')).there).toMatchObject({ limit: 1 })
    expect(await configure(one, { region: 'mx', value: { limit: 2 }, revision: 0 })).toMatchObject({ status: 200 })
    expect((await configOf(two, 'mx')).there).toMatchObject({ limit: 2 })
    // Both hold it against the same revision.
    const late = await configure(two, { region: 'mx', value: { limit: 3 }, revision: 0 })
    expect(late).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect(await configure(two, { value: { limit: 4 }, revision: 1 })).toMatchObject({ status: 200 })
    expect((await configOf(one, 'br')).there).toMatchObject({ limit: 4 })
    const three = await boot('three')
    expect([(await configOf(three, 'br')).there, (await configOf(three, 'mx')).there]).toMatchObject([
      { limit: 4 },
      { limit: 2 },
    ])
  }, 60_000)

  it('let a host serve on which the plugin did not start with those before', async () => {
    const one = await boot()
    await one.install(await pack())
    const two = await boot('two', { startable: false })
    const serves = async () => (await two.call('GET', '/api/plugins/demo/config/br')).status
    expect(await serves()).toBe(503)
    await one.until(async () => JSON.stringify(await one.view('demo')).includes('not with this'))
    expect(await configure(one, { value: { startable: true, limit: 2 }, revision: 0 })).toMatchObject({ status: 200 })
    expect(await serves()).toBe(200)
  }, 120_000)

  it('are told with what they mean, where they come from, and who changed them when', async () => {
    const host = await boot()
    const texts = { 'demo.title': 'Demo', 'config.limit': 'Most at once', 'config.limit.unit': 'requests' }
    await host.install(
      await pack('1.0.0', ['global', 'region'], 'inline', { 'locales/en.json': JSON.stringify(texts) }),
    )
    await configure(host, { region: 'mx', value: { limit: 3 }, revision: 0 }, 'regional@mx')
    await configure(host, { region: 'br', value: { startable: false }, revision: 1 })
    await configure(host, { value: { limit: 2 }, revision: 1 })
    expect((await shown(host)).json).toMatchObject({
      version: '1.0.0',
      host: { greeting: 'from the host', limit: 1 },
      texts: { en: { 'config.limit': 'Most at once', 'config.limit.unit': 'requests' } },
    })
    expect(JSON.stringify((await shown(host)).json)).not.toContain('demo.title')
    const history = async (as: string) =>
      (await host.call('GET', '/api/admin/plugins/demo/config/history', { as })).json['changes']
    const everywhere = { region: null, from: 1, revision: 3, changed: ['/limit'], failed: false }
    // What a version did not start with came to nothing, and is told as such.
    const notStarted = { region: 'br', from: 1, revision: 2, changed: ['/startable'], failed: true }
    const ofMexico = { by: 'regional', region: 'mx', from: 0, revision: 1, changed: ['/limit'], failed: false }
    expect(await history('admin')).toMatchObject([everywhere, notStarted, ofMexico])
    expect(await history('regional@mx')).toMatchObject([everywhere, ofMexico])
  }, 30_000)

  it('of a plugin that is disabled hold when it is enabled', async () => {
    const host = await boot()
    await host.install(await pack())
    await host.change('disable', 'demo')
    expect(await configure(host, { region: 'mx', value: { limit: 2 }, revision: 0 })).toMatchObject({ status: 200 })
    await host.change('enable', 'demo')
    expect(await configOf(host, 'mx')).toMatchObject({ there: { limit: 2 } })
  }, 30_000)
})
