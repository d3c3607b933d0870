import type { CanarySpec } from './canary/spec.ts'
import type { DesiredState } from './journal/desired.ts'
import type { GenerationKey, JournalRow } from './journal/journal.ts'
import type { State } from './journal/states.ts'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { packDemo, restartedHostForEach } from './testing/restarted-host.ts'
import { wayTo } from './testing/way.ts'
import { putDesired } from './testing/put-desired.ts'

const host = restartedHostForEach()
const path = wayTo('CANARY')

describe('a host that was killed', () => {
  it.each(path)('in an upgrade at %s goes on or goes back, as the journal says', async (state) => {
    const { from, to } = await interruptedUpgrade(wayTo(state))
    await host.boot()
    const codeHasRun = wayTo(state).includes('STARTING')
    expect(await host.version()).toBe(codeHasRun ? '1.0.0' : '1.1.0')
    expect(await host.journal.state(to)).toBe(codeHasRun ? 'ROLLED_BACK' : 'ACTIVE')
    expect(await host.journal.state(from)).toBe(codeHasRun ? 'ACTIVE' : 'STOPPED')
    expect((await host.installed()).pending).toBeUndefined()
    expect((await host.installed()).previous?.version).toBe(codeHasRun ? undefined : '1.0.0')
  })

  it('in an upgrade that goes on keeps what a region has of its own, and the time in which it can be rolled back', async () => {
    const since = new Date(Date.now() - 3 * 24 * 3600 * 1000)
    await interruptedUpgrade(wayTo('VERIFIED'), { since, regions: { mx: { enabled: false, since } } })
    const harness = await host.boot()
    expect(await host.version()).toBe('1.1.0')
    const { regions, previous, rollbackUntil } = await host.installed()
    expect(regions).toMatchObject({ mx: { enabled: false } })
    expect(previous?.version).toBe('1.0.0')
    expect(rollbackUntil?.getTime()).toBeGreaterThan(Date.now() + 23 * 3600 * 1000)
    expect((await harness.call('GET', '/api/plugins/demo/version', { as: 'agent@mx' })).status).toBe(503)
    expect(await harness.change('rollback', 'demo')).toMatchObject({ status: 200 })
  })

  it('in an upgrade that goes on serves the version before while the new one does not start', async () => {
    const { from, to } = await interruptedUpgrade(
      wayTo('VERIFIED'),
      {},
      await packDemo('1.1.0', `throw new Error('no licence')`),
    )
    await host.boot()
    expect(await host.version()).toBe('1.0.0')
    expect(await host.journal.state(from)).toBe('ACTIVE')
    expect((await host.journal.lastOf(to))?.causes).toMatchObject([{ code: 'start_failed' }])
    expect(await host.installed()).toMatchObject({ version: '1.0.0', enabled: true })
    expect(await host.installed()).not.toHaveProperty('pending')
  })

  it('before a canary had begun tries it out, and does not give it to everybody', async () => {
    const spec: CanarySpec = {
      cohort: { subjects: ['agent-7'] },
      minRequests: 100,
      minSeconds: 300,
      budgets: { errorRatio: 0.01, p95Ratio: 1.5, uiErrors: 0 },
      promote: 'auto',
    }
    const { from, to } = await interruptedUpgrade(wayTo('VERIFIED'))
    const { pending: _, ...state } = await host.installed()
    await putDesired(host.given.data.core, {
      ...state,
      pending: { verb: 'upgrade', from, to, canary: { spec } },
    })
    const harness = await host.boot()
    expect(await host.version()).toBe('1.0.0')
    expect((await harness.call('GET', '/api/plugins/demo/version', { as: 'agent-7' })).json['version']).toBe('1.1.0')
    expect(await host.journal.state(to)).toBe('CANARY')
    expect((await host.installed()).version).toBe('1.0.0')
  })

  it('after the new version took over, while the old one drained, stays with the new one', async () => {
    const { from, to } = await interruptedUpgrade(wayTo('ACTIVE'))
    await host.writeRows(from, ['DRAINING'])
    await host.boot()
    expect(await host.version()).toBe('1.1.0')
    expect(await host.journal.state(to)).toBe('ACTIVE')
    expect(await host.journal.state(from)).toBe('STOPPED')
  })
})

it.each([
  ['change', {}],
  ['change of one region', { region: 'mx' }],
])('a host that stood still while another one settled its %s does not carry it on', async (_what, where) => {
  const harness = await host.boot()
  const backend = {
    entry: 'dist/server.cjs',
    isolation: 'inline' as const,
    routes: [route('GET', '/version')],
    jobs: [{ name: 'held', everyMs: 500 }],
  }
  // Its successor takes over when this has ended.
  const start = `context.jobs.every('held', 1, () => { context.log.info({}, 'job runs'); return globalThis.heldJob })
    context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`
  const job = Promise.withResolvers<void>()
  Object.assign(globalThis, { heldJob: job.promise })
  await harness.install(await packFixture({ manifest: { backend }, start }))
  await harness.upload(await packDemo('1.1.0'))
  await harness.said('job runs')
  const asked = harness.change('upgrade', 'demo', { version: '1.1.0', ...where })
  const reached = async () => (await host.journal.of('demo', 1))[0]
  await harness.until(async () => (await reached())?.to === 'CANARY')
  const { pending: _, ...before } = await host.installed()
  const row = (await reached()) as JournalRow
  await host.journal.append(row, 'ROLLED_BACK', row.token + 1)
  await putDesired(host.given.data.core, before)
  job.resolve()
  expect(await asked).toMatchObject({ status: 409, json: { code: 'plugin_busy' } })
  expect(await host.installed()).toMatchObject({ version: '1.0.0', enabled: true })
  expect(await host.installed()).not.toHaveProperty('regions')
  for (const region of ['br', 'mx'])
    expect((await harness.call('GET', '/api/plugins/demo/version', { as: `agent@${region}` })).json).toEqual({
      version: '1.0.0',
    })
})

/** A host that ran 1.0.0 and was killed during the upgrade to 1.1.0 after these rows. */
async function interruptedUpgrade(
  rows: readonly State[],
  more: Partial<DesiredState> = {},
  upgrade?: Buffer,
): Promise<{ from: GenerationKey; to: GenerationKey }> {
  const harness = await host.boot()
  await harness.install(await packDemo('1.0.0'))
  await harness.upload(upgrade ?? (await packDemo('1.1.0')))
  const digest = await host.digestOf('1.1.0')
  await host.shutDown()
  const { enabled, since, ...from } = await host.installed()
  const to = { ...from, version: '1.1.0', digest }
  await putDesired(host.given.data.core, {
    ...from,
    enabled,
    since,
    ...more,
    pending: { verb: 'upgrade', from, to },
  })
  await host.writeRows(to, rows)
  return { from, to }
}
