import type { DesiredState, DesiredStates } from '../journal/desired.ts'
import { packFixture } from '../testing/fixture-plugin.ts'
import { type Answer, Harness } from '../testing/harness.ts'
import { dataForEach } from '../testing/host-for-each.ts'
import { requireSeen, revisionOf, type Turns, turnsOn } from './seen.ts'

let host: Harness | undefined
const given = dataForEach(async () => {
  await host?.stop()
  host = undefined
})
const said = ({ status, json }: Answer) => [status, json['code'] ?? json['enabled']]

describe('a change of a plugin that an administrator has seen', () => {
  it('is refused when somebody else has changed it since, before a confirmation is used up, and asks nothing of scripts', async () => {
    const started = (host = await Harness.start(given.data, { dataDir: given.dataDir, firstInstall: [] }))
    const revision = async () => (await started.view('demo'))['revision'] as string
    const change = (verb: string, seen: string, body: object = {}) =>
      started.call('POST', `/api/admin/plugins/demo/${verb}`, {
        as: 'admin',
        body,
        headers: { 'if-match': `"${seen}"` },
      })
    await started.install(await packFixture())
    const first = await revision()
    expect(await revision()).toBe(first)

    started.stepUp.grant('plugin.disable', { id: 'demo' })
    expect(said(await change('disable', first))).toEqual([200, false])
    const reason = 'a fair until Friday'
    for (const [verb, body] of [
      ['enable', {}],
      ['disable', { region: 'br' }],
      ['want', { pinned: true, reason }],
      ['uninstall', { reason }],
    ] as const) {
      started.stepUp.grant(`plugin.${verb}`, { id: 'demo', ...body })
      expect(said(await change(verb, first, body))).toEqual([412, 'precondition_failed'])
    }
    expect(await started.view('demo')).toMatchObject({ enabled: false, desired: { pinned: null } })

    // What was granted for the outdated picture still is.
    expect(said(await change('enable', await revision()))).toEqual([200, true])
    expect(said(await started.change('disable', 'demo'))).toEqual([200, false])
    expect(said(await started.change('disable', 'demo'))).toEqual([200, false])
    expect(said(await started.change('uninstall', 'demo', { reason }))).toEqual([200, undefined])
    expect(said(await change('enable', first))).toEqual([412, 'precondition_failed'])
  })

  it('looks again when it is the only one, as somebody may have been faster', async () => {
    const seen = { plugin: 'demo', version: '1.0.0', enabled: true, fence: 1 } as DesiredState
    let there = seen
    const desired = { get: () => Promise.resolve(there) } as unknown as DesiredStates
    const exclusive: Turns = {
      run: (_plugin, work) => work(1),
      runAll: (_plugins, work) => work(() => 1),
    }
    const ifMatch = `"${revisionOf(seen)}"`
    const turns = turnsOn({ plugin: 'demo', ifMatch }, exclusive, desired)
    const work = jest.fn(() => Promise.resolve('done'))
    // Only who holds the lease now is another one.
    there = { ...seen, fence: 7 }
    await requireSeen(desired, { plugin: 'demo', ifMatch })
    expect(await turns.run('demo', work)).toBe('done')
    there = { ...seen, enabled: false }
    await expect(turns.run('demo', work)).rejects.toMatchObject({ status: 412 })
    await expect(turns.runAll(['base', 'demo'], work)).rejects.toMatchObject({ status: 412 })
    expect(work).toHaveBeenCalledTimes(1)
    expect(await turns.run('base', work)).toBe('done')
  })
})
