import type { UiFeed } from '@dcesop/sdk-plugin/contracts'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

let now: number

beforeEach(() => {
  now = Date.UTC(2026, 10, 30, 11)
})

const host = hostForEach(() => ({ clock: { now: () => new Date(now) } }))

function pack(version: string, extra = '') {
  const page = { id: 'home', path: '/demo', expose: 'home', titleKey: 'demo.title', permission: 'demo:use' }
  return packFixture({
    version,
    routes: [route('GET', '/version'), route('GET', '/extra')],
    manifest: { ui: { pages: [page] }, provides: { 'demo.version': '1.0.0' } },
    files: { 'dist/ui/remoteEntry.js': `/* ${version} */` },
    start: `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })
      context.route({ method: 'GET', path: '/extra', summary: 'x', handler: async () => { ${extra}; return { version: context.version } } })`,
  })
}

async function startCanary(canary: object, extra = ''): Promise<void> {
  await host.harness.install(await pack('1.0.0'))
  await host.harness.upload(await pack('1.1.0', extra))
  const { status, text } = await host.harness.change('upgrade', 'demo', { version: '1.1.0', canary })
  if (status !== 200) throw new Error(text)
}

const versionOf = async (as: string) =>
  (await host.harness.call('GET', '/api/plugins/demo/version', { as })).json['version'] as string
const extra = (as: string) => host.harness.call('GET', '/api/plugins/demo/extra', { as })
const everybody = Array.from({ length: 40 }, (_, index) => `agent-${index}`)

async function cohort(): Promise<string[]> {
  const versions = await Promise.all(everybody.map(versionOf))
  return everybody.filter((_, index) => versions[index] === '1.1.0')
}

/** Canary part of the administrator's view. */
const canary = async () => (await host.harness.view('demo'))['canary'] as Record<string, unknown> | null
/** Until the host has ended the canary itself, with its record in the audit log. */
const over = () => host.harness.until(() => Promise.resolve(ends().length > 0))
const ends = () => host.harness.audit.records.filter(({ action }) => action.startsWith('plugin.canary.'))

/** Until the host has judged a whole time from now on: it writes its figures each time, and begins no look before the last one ended. */
async function lookedAgain(): Promise<void> {
  const figures = host.data.core.collection('plugin_canary_figures')
  for (let looks = 0; looks < 2; looks += 1) {
    await figures.deleteMany({})
    await host.harness.until(async () => (await figures.countDocuments({})) > 0)
  }
}

interface Row {
  readonly version: string
  readonly to: string
  readonly reason: string | null
  readonly causes: readonly object[]
}

async function lastRow(version: string): Promise<Row> {
  const { json } = await host.harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  const rows = json['transitions'] as Row[]
  return rows.find((row) => row.version === version) as Row
}

describe('a canary', () => {
  it('gives a stable part of the people the new version, its screens included, and ends for everybody at a promotion', async () => {
    await startCanary({ percent: 25, minRequests: 1000, promote: 'manual' })
    const first = await cohort()
    expect(first.length).toBeGreaterThan(2)
    expect(first.length).toBeLessThan(20)
    expect(await cohort()).toEqual(first)
    const listed = await host.harness.call('GET', '/api/admin/plugins', { as: 'admin' })
    expect(listed.json['plugins']).toMatchObject([{ canary: { version: '1.1.0', percent: 25 } }])
    const other = everybody.find((one) => !first.includes(one)) as string
    const screens = async (as: string) => {
      const { json } = await host.harness.call('GET', '/api/ui/feed', { as })
      return (JSON.parse(json['payload'] as string) as UiFeed).plugins[0]?.version
    }
    expect([await screens(first[0] as string), await screens(other)]).toEqual(['1.1.0', '1.0.0'])
    expect(await host.harness.view('demo')).toMatchObject({
      version: '1.0.0',
      state: 'ACTIVE',
      canary: { version: '1.1.0', percent: 25, verdict: 'wait' },
    })
    expect(await host.harness.change('upgrade', 'demo', { version: '1.1.0' })).toMatchObject({
      status: 409,
      json: { code: 'plugin_canary_running' },
    })
    expect(await host.harness.change('promote', 'demo')).toMatchObject({
      status: 200,
      json: { version: '1.1.0', state: 'ACTIVE', previous: '1.0.0', canary: null },
    })
    expect((await cohort()).length).toBe(everybody.length)
    expect(await host.harness.change('promote', 'demo')).toMatchObject({
      status: 409,
      json: { code: 'plugin_no_canary' },
    })
  })

  it('by region is for the people of the region', async () => {
    await startCanary({ regions: ['mx'] })
    expect([await versionOf('agent@mx'), await versionOf('agent@br')]).toEqual(['1.1.0', '1.0.0'])
    expect(await host.harness.change('rollback', 'demo')).toMatchObject({ status: 200, json: { version: '1.0.0' } })
    expect(await versionOf('agent@mx')).toBe('1.0.0')
    expect(await lastRow('1.1.0')).toMatchObject({ to: 'ROLLED_BACK', reason: 'rolled back' })
  })

  it('waits for requests and for time, says so, and is promoted when both are there and the budgets hold', async () => {
    await startCanary({ subjects: ['agent-1'], minRequests: 10, minSeconds: 60 })
    for (let i = 0; i < 10; i += 1) await extra('agent-1')
    await extra('agent-2')
    expect(await canary()).toMatchObject({ verdict: 'wait', explanation: 'waits for 60 more seconds' })
    now += 61_000
    await over()
    expect(await versionOf('agent-2')).toBe('1.1.0')
    expect(await lastRow('1.1.0')).toMatchObject({ to: 'ACTIVE' })
    expect(host.harness.audit.records.find(({ action }) => action === 'plugin.canary.promote')).toMatchObject({
      actor: { kind: 'system' },
      resource: 'demo',
    })
  })

  it('with too little traffic stays, however long it takes', async () => {
    await startCanary({ subjects: ['agent-1'], minRequests: 10, minSeconds: 60 })
    await extra('agent-1')
    now += 86_400_000
    const before = host.harness.log.lines.length
    await lookedAgain()
    expect(await canary()).toMatchObject({ verdict: 'wait', explanation: 'waits for 9 more requests' })
    expect(host.harness.log.lines.length).toBe(before)
  })

  it('with more errors than its budget is rolled back, with the figures in journal and audit', async () => {
    await startCanary(
      { subjects: ['agent-1'], minRequests: 12, minSeconds: 5, budgets: { errorRatio: 0.1 } },
      `if ((globalThis.demoCount = (globalThis.demoCount ?? 0) + 1) % 4 === 0) throw new Error('broken')`,
    )
    for (let i = 0; i < 12; i += 1) await extra('agent-1')
    for (let i = 0; i < 5; i += 1) await extra('agent-2')
    now += 6000
    await over()
    expect(await versionOf('agent-1')).toBe('1.0.0')
    const row = await lastRow('1.1.0')
    expect(row.to).toBe('ROLLED_BACK')
    expect(row.reason).toMatch(
      /errors above the budget of 10.0 %: 12 requests, 25.0 % failed.*before: 5 requests, 0.0 %/,
    )
    expect(host.harness.audit.records.find(({ action }) => action === 'plugin.canary.rollback')).toMatchObject({
      resource: 'demo',
      reason: row.reason,
      // By its codes screens tell it in the reader's language.
      details: { causes: JSON.stringify(row.causes) },
    })
    expect((await extra('agent-2')).status).toBe(200)
  })

  it('whose requests mostly fail is ended at once', async () => {
    await startCanary({ subjects: ['agent-1'], minRequests: 5000 }, `throw new Error('broken')`)
    for (let i = 0; i < 25; i += 1) await extra('agent-1')
    await over()
    expect((await lastRow('1.1.0')).reason).toMatch(/^too many requests failed/)
    expect(await host.harness.view('demo')).toMatchObject({ state: 'ACTIVE', version: '1.0.0' })
  })

  it('counts failures of screens, from those who have them only', async () => {
    await startCanary({ subjects: ['agent-1'], minRequests: 5000, budgets: { uiErrors: 1 } })
    const report = (as: string) =>
      host.harness.call('POST', '/api/ui/incidents', {
        as,
        body: {
          id: '00000000-0000-4000-8000-000000000000',
          plugin: 'demo',
          version: '1.1.0',
          unit: 'home',
          phase: 'mount',
          message: 'x',
          at: '2026-11-30T11:00:00Z',
        },
      })
    for (let i = 0; i < 3; i += 1) expect((await report('agent-2')).status).toBe(202)
    await report('agent-1')
    expect(await canary()).toMatchObject({ figures: { canary: { uiErrors: 1 } } })
    await report('agent-1')
    await over()
    expect((await lastRow('1.1.0')).reason).toMatch(/^2 failures of its screens, 1 allowed/)
  })

  it('goes on after a restart of the host, with the same people and what was counted', async () => {
    await startCanary({ percent: 25, minRequests: 1000 })
    const before = await cohort()
    await extra(before[0] as string)
    const counted = ((await canary()) as { figures: { canary: { requests: number } } }).figures.canary.requests
    await host.harness.stop()
    await host.boot()
    expect(await cohort()).toEqual(before)
    const after = await canary()
    expect(after).toMatchObject({ version: '1.1.0', since: '2026-11-30T11:00:00.000Z' })
    expect((after as { figures: { canary: { requests: number } } }).figures.canary.requests).toBe(
      counted + before.length,
    )
    expect(await host.harness.change('promote', 'demo')).toMatchObject({ status: 200, json: { version: '1.1.0' } })
  })

  it('does not outlive the plugin being disabled', async () => {
    await startCanary({ percent: 50 })
    expect(await host.harness.change('disable', 'demo')).toMatchObject({ status: 200, json: { canary: null } })
    expect(await host.harness.change('enable', 'demo')).toMatchObject({ status: 200, json: { version: '1.0.0' } })
    expect(await cohort()).toEqual([])
  })

  it('that does not start leaves everything as it was', async () => {
    await host.harness.install(await pack('1.0.0'))
    await host.harness.upload(await packFixture({ version: '1.1.0', start: `throw new Error('no database')` }))
    expect(await host.harness.change('upgrade', 'demo', { canary: { percent: 10 } })).toMatchObject({
      status: 422,
      json: { code: 'plugin_start_failed' },
    })
    expect(await host.harness.view('demo')).toMatchObject({ version: '1.0.0', state: 'ACTIVE', canary: null })
  })

  it('takes exactly one kind of cohort', async () => {
    await host.harness.install(await pack('1.0.0'))
    for (const cohortOf of [{}, { percent: 10, regions: ['mx'] }, { percent: 0 }, { subjects: [] }])
      expect(await host.harness.change('upgrade', 'demo', { canary: cohortOf })).toMatchObject({ status: 400 })
  })
})
