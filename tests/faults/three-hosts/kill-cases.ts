import type { Connection } from 'mongoose'
import { packFixture, route } from '../../../core/src/plugins/testing/fixture-plugin.ts'
import type { HostProcess } from '../../../core/src/plugins/testing/host-process.ts'

export interface KilledFleet {
  readonly hosts: readonly HostProcess[]
  readonly core: Connection
  /** Starts a host again that has ended. */
  restart(number: number): Promise<void>
  /** Looks until it is what is expected. */
  until(expected: unknown, of: () => Promise<unknown>): Promise<void>
}

interface Row {
  readonly version: string
  readonly from: string | null
  readonly to: string
  readonly token: number
}

const plugin = 'killed'

/** The kill switch, while the host that is at the plugin is killed itself. */
export function killCases(fleet: () => KilledFleet) {
  const on = (number: number) => fleet().hosts[number] as HostProcess
  const change = (verb: string, body: object) =>
    on(0).request('POST', `/api/admin/plugins/${plugin}/${verb}`, 'admin', body)
  const upload = async (version: string, start = '') => {
    const routes = [route('GET', '/version')]
    const serve = `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`
    const tarball = await packFixture({ id: plugin, version, routes, start: `${serve}\n${start}` })
    expect(await on(0).request('POST', '/api/admin/packages', 'admin', tarball)).toMatchObject({ status: 201 })
  }
  const served = async (numbers: readonly number[] = [0, 1, 2]) => {
    const asked = numbers.map((number) => on(number).request('GET', `/api/plugins/${plugin}/version`))
    return (await Promise.all(asked)).map(({ status, json }) => (status === 200 ? json['version'] : status))
  }
  const rows = async () => {
    const { json } = await on(1).request('GET', `/api/admin/plugins/${plugin}/journal`, 'admin')
    return (json['transitions'] as Row[]).toReversed()
  }
  const stateOf = async (version: string) => (await rows()).findLast((row) => row.version === version)?.to
  const records = (action: string) => fleet().core.collection('audit').countDocuments({ action, resource: plugin })
  const propose = async () => {
    const body = { plugin, reason: 'it sends letters to everybody' }
    const { json } = await on(1).request('POST', '/api/admin/kill-switch', 'admin', body)
    return json['id'] as string
  }
  const confirm = (number: number, id: string, as: string, seen: string) =>
    on(number).request('POST', `/api/admin/kill-switch/${id}/confirm`, as, undefined, seen)

  /** Each row goes on where the version was, under no older lease than the one before. */
  async function expectWhole(): Promise<void> {
    const all = await rows()
    const last = new Map<string, string>()
    for (const { version, from, to } of all) {
      expect([version, from]).toEqual([version, last.get(version) ?? null])
      last.set(version, to)
    }
    const tokens = all.map(({ token }) => token)
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b))
  }
  const quarantines = async (version: string) =>
    (await rows()).filter((row) => row.version === version && row.to === 'QUARANTINED').length

  let order: string

  it('serve nothing more of what is killed, though the host that was changing it is killed in the middle', async () => {
    await upload('1.0.0')
    expect(await change('install', { version: '1.0.0' })).toMatchObject({ status: 200 })
    await upload('1.1.0', `if (process.pid === ${on(0).process.pid}) await new Promise(() => undefined)`)
    const asked = change('upgrade', { version: '1.1.0' }).catch(() => undefined)
    await fleet().until('STARTING', () => stateOf('1.1.0'))
    order = await propose()
    expect(await confirm(2, order, 'admin-2', 'proposed')).toMatchObject({ status: 200, json: { state: 'active' } })
    await fleet().until([503, 503], () => served([1, 2]))
    await on(0).kill()
    await asked
    await fleet().until(['QUARANTINED', 2], async () => [await stateOf('1.0.0'), await records('plugin.quarantine')])
    expect(await served([1, 2])).toEqual([503, 503])

    await fleet().restart(0)
    expect(await served()).toEqual([503, 503, 503])
    expect(await change('enable', {})).toMatchObject({ status: 409, json: { code: 'plugin_barred' } })
    expect([await stateOf('1.1.0'), await quarantines('1.0.0')]).toEqual(['ROLLED_BACK', 1])
    await expectWhole()
    // Two hosts stopped it; the third one had ended before it could.
    expect([await records('kill-switch.propose'), await records('kill-switch.confirm')]).toEqual([1, 1])
    expect(await records('plugin.quarantine')).toBe(2)
  }, 120_000)

  it('serve it again when two let it, and nothing more of it when the host that is asked is killed as it stops it', async () => {
    await on(1).request('POST', `/api/admin/kill-switch/${order}/release`, 'admin-2', { reason: 'it was mended' })
    expect(await confirm(1, order, 'admin', 'releasing')).toMatchObject({ status: 200, json: { state: 'released' } })
    await fleet().until(['1.0.0', '1.0.0', '1.0.0'], served)
    const hang = `if (process.pid === ${on(0).process.pid}) context.onStop(() => new Promise(() => undefined))`
    await upload('1.2.0', hang)
    expect(await change('upgrade', { version: '1.2.0' })).toMatchObject({ status: 200 })

    const asked = confirm(0, await propose(), 'admin-2', 'proposed').catch(() => undefined)
    // It is written down before what runs has ended.
    await fleet().until(3, () => records('plugin.quarantine'))
    await on(0).kill()
    await asked
    await fleet().until([503, 503], () => served([1, 2]))
    await fleet().restart(0)
    expect(await served()).toEqual([503, 503, 503])
    expect([await stateOf('1.2.0'), await quarantines('1.2.0')]).toEqual(['QUARANTINED', 1])
    // Each host that acted has one; who found it stopped by then has none.
    expect([3, 4, 5]).toContain(await records('plugin.quarantine'))
    await expectWhole()
    expect(await records('kill-switch.confirm')).toBe(3)
  }, 120_000)
}
