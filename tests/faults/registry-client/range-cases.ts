import type { PinnedHost } from './pinned-host.ts'

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
