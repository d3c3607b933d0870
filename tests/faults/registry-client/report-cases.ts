import { setTimeout as pause } from 'node:timers/promises'
import type { PinnedHost } from './pinned-host.ts'

interface Row {
  readonly to: string
  readonly report: { readonly state: string; readonly at: string | null } | null
}

/** Incidents of this instance that the publisher learns of. */
export function reportCases(pinned: () => PinnedHost): void {
  const quarantined = async (id: string): Promise<Row | undefined> => {
    const { json } = await pinned().admin('GET', `/api/admin/plugins/${id}/journal`)
    return (json['transitions'] as Row[]).find(({ to }) => to === 'QUARANTINED')
  }
  async function kill(plugin: string): Promise<void> {
    const { host } = pinned()
    const body = { plugin, reason: 'it shows the letters of ana@example.com' }
    host.stepUp.grant('kill-switch.propose', body)
    const { id } = (await pinned().admin('POST', '/api/admin/kill-switch', body)).json
    host.stepUp.grant('kill-switch.confirm', { id })
    const headers = { 'if-match': '"proposed"' }
    await host.call('POST', `/api/admin/kill-switch/${String(id)}/confirm`, { as: 'admin-2', headers })
  }
  async function screensFailed(plugin: string, id: string): Promise<void> {
    const failure = { unit: 'home', phase: 'crash', message: 'of ana@example.com', at: new Date().toISOString() }
    const body = { id, plugin, version: '1.0.0', ...failure, quarantined: true }
    expect((await pinned().host.call('POST', '/api/ui/incidents', { as: 'agent', body })).status).toBe(202)
  }
  async function toldTo(publisher: string, id: string): Promise<string> {
    const { registry } = pinned()
    const headers = { authorization: `Bearer ${await registry.token(publisher)}` }
    return (await fetch(`${registry.url}/-/dcesop/v1/plugins/${id}/incidents`, { headers })).text()
  }

  it('wait while the registry is away, arrive when it is back, and name neither a person nor the instance', async () => {
    await pinned().release('shaky')
    await pinned().fromRegistry('install', 'shaky')
    pinned().proxy.down = true
    for (const id of ['0a1b2c3d', '0a1b2c3e']) await screensFailed('shaky', id)
    await kill('shaky')
    expect(await quarantined('shaky')).toMatchObject({ report: { state: 'waiting', at: null } })
    pinned().proxy.down = false
    // Past the pause after an attempt that failed.
    pinned().ahead = 5 * 60_000
    while ((await quarantined('shaky'))?.report?.state === 'waiting') await pause(50)
    expect(await quarantined('shaky')).toMatchObject({ report: { state: 'reported', at: expect.stringMatching(/Z$/) } })
    while (!(await toldTo('acme', 'shaky')).includes('screens_failed')) await pause(50)
    const told = await toldTo('acme', 'shaky')
    const { counts } = JSON.parse(told) as { counts: { kind: string; count: number }[] }
    expect(counts.map(({ kind, count }) => [kind, count])).toEqual([
      ['killed', 1],
      ['screens_failed', 1],
    ])
    expect(told).not.toMatch(/ana@|letters|br-1/)
  }, 60_000)
}
