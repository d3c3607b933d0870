import { type PinnedHost, said } from './pinned-host.ts'

const reason = 'patches come by themselves'

/** Versions of the channel that the host takes itself, where somebody wants a range of them. */
export function rangeCases(pinned: () => PinnedHost): void {
  const want = (body: object) => pinned().host.change('want', 'ranged', { reason, ...body })
  const news = async (version: string, more: object = {}) => {
    await pinned().release('ranged', version, more)
    await pinned().refresh()
    return pinned().served('ranged')
  }
  const waiting = async () =>
    ((await pinned().host.view('ranged'))['desired'] as { waiting: { version: string; code: string } | null }).waiting

  it('stays as it is while no range is wanted, and goes to the newest of one that is', async () => {
    await pinned().release('ranged')
    expect((await pinned().fromRegistry('install', 'ranged')).status).toBe(200)
    expect(await news('1.0.1')).toBe('1.0.0')
    expect((await want({ range: '~1.0.0' })).status).toBe(200)
    expect(await news('1.1.0')).toBe('1.0.1')
    const by = pinned().host.audit.records.filter(
      ({ action, actor, resource }) =>
        action === 'plugin.upgrade' && resource === 'ranged' && actor.subject === 'plugin-host',
    )
    expect(by).toMatchObject([{ outcome: 'allowed', details: { version: '1.0.1', from: '1.0.0', range: '~1.0.0' } }])
  })

  it('does not go back to what somebody came back from, and moves nowhere while it is pinned', async () => {
    expect((await pinned().host.change('rollback', 'ranged')).status).toBe(200)
    await pinned().refresh()
    expect(await pinned().served('ranged')).toBe('1.0.0')
    expect((await want({ range: '~1.0.0', pinned: true })).status).toBe(200)
    expect(await news('1.0.2')).toBe('1.0.0')
    expect((await want({ range: '~1.0.0' })).status).toBe(200)
    await pinned().refresh()
    expect(await pinned().served('ranged')).toBe('1.0.2')
  })

  it('keeps what serves when the new one does not start, and does not try that again by itself', async () => {
    expect(await news('1.0.3', { start: "throw new Error('never')" })).toBe('1.0.2')
    await pinned().refresh()
    expect(await waiting()).toMatchObject({ version: '1.0.3', code: 'plugin_start_failed' })
    const { json } = await pinned().admin('GET', '/api/admin/plugins/ranged/journal')
    const rows = (json['transitions'] as { version: string; to: string }[]).filter(({ version }) => version === '1.0.3')
    expect(rows.filter(({ to }) => to === 'FAILED')).toHaveLength(1)
  })

  it('waits for somebody where more would have to change, and says for what', async () => {
    await pinned().release('ranges', '1.0.0', { manifest: { provides: { 'ranges.data': '1.0.0' } } })
    const manifest = { consumes: [{ capability: 'ranges.data', range: '^1' }] }
    expect(await news('1.0.4', { manifest })).toBe('1.0.2')
    expect(await waiting()).toMatchObject({ version: '1.0.4', code: 'plan_differs' })
  })

  it('still says so after a restart, once in the audit, and no more when nobody wants it', async () => {
    await pinned().restart()
    const told = { version: '1.0.4', code: 'plan_differs', extensions: { unconfirmed: [{ plugin: 'ranges' }] } }
    expect(await waiting()).toMatchObject(told)
    await pinned().refresh()
    expect(await waiting()).toMatchObject(told)
    expect(pinned().host.audit.records.filter(({ resource }) => resource === 'ranged')).toEqual([])
    expect((await want({})).status).toBe(200)
    expect(await waiting()).toBeNull()
    expect((await want({ range: '~1.0.0' })).status).toBe(200)
    expect(await waiting()).toMatchObject(told)
    await pinned().acme.yank('ranged', '1.0.4', { class: 'withdrawn', reason: 'too early' })
    await pinned().refresh()
    expect(await waiting()).toBeNull()
  })

  it('waits for nobody where somebody was faster', async () => {
    await pinned().release('ranged', '1.0.5')
    let asked = 0
    pinned().proxy.meddle = async (where, body) => {
      if (!where.endsWith('/resolve') || !body.includes('"1.0.5"') || (asked += 1) > 1) return
      expect((await pinned().fromRegistry('upgrade', 'ranged', '1.0.5')).status).toBe(200)
    }
    await pinned().refresh()
    pinned().calm()
    expect([asked, await pinned().served('ranged')]).toEqual([2, '1.0.5'])
    const failed = pinned().host.audit.records.filter(({ outcome }) => outcome === 'failed')
    expect([await waiting(), failed]).toEqual([null, []])
  })

  it('follows another channel in the region for which that is wanted, and nowhere else', async () => {
    const wantOf = (body: object) => pinned().host.change('want', 'channelled', { reason, ...body })
    const servedIn = async (region: string) =>
      (await pinned().host.call('GET', '/api/plugins/channelled/version', { as: `agent@${region}` })).json['version']
    const barriers = async () => {
      const { json } = await pinned().admin('GET', '/api/admin/registry/releases')
      const all = json['releases'] as { plugin: string; version: string; barrier: { rule: string } | null }[]
      return all.filter(({ plugin }) => plugin === 'channelled').map(({ version, barrier }) => [version, barrier?.rule])
    }
    for (const version of ['1.0.0', '1.1.0-rc.1']) await pinned().release('channelled', version)
    expect((await pinned().fromRegistry('install', 'channelled')).status).toBe(200)
    expect(await barriers()).toContainEqual(['1.1.0-rc.1', 'channel'])
    expect(said(await wantOf({ channel: 'nightly' }))).toEqual([400, 'invalid_request'])
    expect(await wantOf({ region: 'mx', range: '^1.0.0', channel: 'next' })).toMatchObject({
      json: {
        desired: { channel: null },
        regions: [{ channel: null }, { channel: 'next', differs: true }],
        channels: { followed: 'stable', known: ['next', 'stable'] },
      },
    })
    expect(await barriers()).toContainEqual(['1.1.0-rc.1', undefined])
    await pinned().refresh()
    expect([await servedIn('br'), await servedIn('mx')]).toEqual(['1.0.0', '1.1.0-rc.1'])
    const rc = await pinned().fromRegistry('upgrade', 'channelled', '1.1.0-rc.1')
    expect([...said(rc), rc.json['rule']]).toEqual([409, 'release_not_allowed', 'channel'])
    await pinned().release('channelled', '1.1.0-rc.2')
    const inRegion = { region: 'mx' }
    expect((await pinned().fromRegistry('upgrade', 'channelled', '1.1.0-rc.2', inRegion)).status).toBe(200)
    expect((await pinned().host.view('channelled'))['regions']).toMatchObject([{}, { channel: 'next' }])
  })

  it('can be installed from another channel, which it follows from then on', async () => {
    await pinned().release('early', '1.0.0-rc.1')
    const without = await pinned().fromRegistry('install', 'early', '1.0.0-rc.1')
    expect([...said(without), without.json['rule']]).toEqual([409, 'release_not_allowed', 'channel'])
    const plan = (channel?: string) =>
      pinned().admin('POST', '/api/admin/registry/resolve', {
        install: [{ plugin: 'early', ...(channel === undefined ? {} : { channel }) }],
      })
    expect([(await plan()).json['ok'], (await plan('next')).json['ok']]).toEqual([false, true])
    const nightly = await pinned().fromRegistry('install', 'early', '1.0.0-rc.1', { channel: 'nightly' })
    expect([said(await plan('nightly')), said(nightly)]).toEqual(Array(2).fill([400, 'invalid_request']))
    const installed = await pinned().fromRegistry('install', 'early', '1.0.0-rc.1', { channel: 'next' })
    expect(installed).toMatchObject({ status: 200, json: { state: 'ACTIVE', desired: { channel: 'next' } } })
    await pinned().release('early', '1.0.0-rc.2')
    expect((await pinned().fromRegistry('upgrade', 'early', '1.0.0-rc.2')).status).toBe(200)
    expect(await pinned().host.change('rollback', 'early')).toMatchObject({ json: { desired: { channel: 'next' } } })
  })

  it('of a pinned version that must not run any more nothing serves: no other takes its place', async () => {
    for (const version of ['1.0.0', '1.0.1']) await pinned().release('anchored', version)
    expect((await pinned().fromRegistry('install', 'anchored')).status).toBe(200)
    expect((await pinned().host.change('want', 'anchored', { reason, pinned: true })).status).toBe(200)
    await pinned().acme.yank('anchored', '1.0.0', { class: 'security', reason: 'CVE-2026-3' })
    await pinned().refresh()
    expect(await pinned().served('anchored')).toBe(503)
    expect(await pinned().host.view('anchored')).toMatchObject({ version: '1.0.0', state: 'QUARANTINED' })
  })
}
