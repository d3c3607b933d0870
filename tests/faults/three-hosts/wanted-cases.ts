import type { HostProcess } from '../../../core/src/plugins/testing/host-process.ts'
import type { Partner } from '../../support/partner.ts'

export interface Fleet {
  readonly hosts: readonly HostProcess[]
  readonly acme: Partner
  /** Looks until it is what is expected. */
  until(expected: unknown, of: () => Promise<unknown>): Promise<void>
}

const plugin = 'ranged'
const reason = 'patches come by themselves'
const failing = (pid: number | undefined) => `if (process.pid === ${pid}) throw new Error('no room here')`
const serving =
  "context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })"

/** Which versions are wanted, said to one host of several that all look at the registry. */
export function wantedCases(fleet: () => Fleet) {
  const on = (number: number) => fleet().hosts[number] as HostProcess
  const all = <T>(ask: (host: HostProcess) => Promise<T>) => Promise.all(fleet().hosts.map(ask))
  const change = (number: number, verb: string, body: object) =>
    on(number).request('POST', `/api/admin/plugins/${plugin}/${verb}`, 'admin', body)
  const want = async (number: number, body: object) =>
    expect(await change(number, 'want', { reason, ...body })).toMatchObject({ status: 200 })
  /** All at the same time, as their clocks may have it. */
  const refresh = async () => {
    const answers = await all((host) => host.request('POST', '/api/admin/registry/refresh', 'admin'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  }
  const served = (as: string) => async () => {
    const answers = await all((host) => host.request('GET', `/api/plugins/${plugin}/version`, as))
    return answers.map(({ status, json }) => (status === 200 ? json['version'] : status))
  }
  const waiting = async () => {
    const views = await all((host) => host.request('GET', `/api/admin/plugins/${plugin}`, 'admin'))
    const desired = views.map(({ json }) => json['desired'] as { waiting: { version: string; code: string } | null })
    return desired.map(({ waiting: one }) => one && [one.version, one.code])
  }
  const rows = async (version: string) => {
    const { json } = await on(0).request('GET', `/api/admin/plugins/${plugin}/journal`, 'admin')
    const found = (json['transitions'] as { version: string; to: string }[]).filter((row) => row.version === version)
    return found.map(({ to }) => to).toReversed()
  }

  return {
    /** While the same three run. */
    whileAllRun() {
      it('keep a version that is pinned on one of them, whichever is asked for another', async () => {
        await fleet().acme.release(plugin, '1.0.0')
        expect(await change(0, 'install', { version: '1.0.0', from: 'registry' })).toMatchObject({ status: 200 })
        await want(1, { pinned: true })
        await fleet().acme.release(plugin, '1.0.1')
        for (const number of [0, 2])
          expect(await change(number, 'upgrade', { version: '1.0.1', from: 'registry' })).toMatchObject({
            ...{ status: 409, json: { code: 'plugin_pinned' } },
          })
        await refresh()
        expect(await served('agent')()).toEqual(['1.0.0', '1.0.0', '1.0.0'])
      })

      it('go to the newest of a range together, once, though all look at the same time', async () => {
        await want(2, { range: '~1.0.0' })
        await refresh()
        await fleet().until(['1.0.1', '1.0.1', '1.0.1'], served('agent'))
        await refresh()
        expect(await rows('1.0.1')).toEqual([
          ...['RESOLVED', 'FETCHED', 'VERIFIED', 'APPROVED', 'STAGED', 'EXPANDING', 'STARTING', 'READY'],
          ...['CANARY', 'ACTIVE'],
        ])
        expect(await waiting()).toEqual([null, null, null])
      })

      it('all say which version waits that did not start on one of them, and none tries it again', async () => {
        await fleet().acme.release(plugin, '1.0.2', { start: `${failing(on(2).process.pid)}\n${serving}` })
        await refresh()
        const told = ['1.0.2', 'plugin_start_failed']
        await fleet().until([told, told, told], waiting)
        await refresh()
        expect(await served('agent')()).toEqual(['1.0.1', '1.0.1', '1.0.1'])
        expect((await rows('1.0.2')).filter((to) => to === 'STARTING')).toHaveLength(1)
      })

      it('follow another channel in the region for which it was said to one of them', async () => {
        await fleet().acme.release(plugin, '1.1.0-rc.1')
        await want(0, { region: 'mx', range: '^1.0.0', channel: 'next' })
        await refresh()
        await fleet().until(Array(3).fill('1.1.0-rc.1'), served('agent@mx'))
        expect(await served('agent@br')()).toEqual(['1.0.1', '1.0.1', '1.0.1'])
      })
    },

    /** After one was killed and came back. */
    afterOneCameBack() {
      it('have what was wanted, and what waits, on one that came back', async () => {
        await fleet().until(['1.0.1', '1.0.1', '1.0.1'], served('agent@br'))
        await fleet().until(Array(3).fill('1.1.0-rc.1'), served('agent@mx'))
        await refresh()
        const told = ['1.0.2', 'plugin_start_failed']
        expect(await waiting()).toEqual([told, told, told])
        await want(2, {})
        expect(await waiting()).toEqual([null, null, null])
      })
    },
  }
}
