import { type Envelope, keyIdOf, newPublisherKey, openEnvelope, readPublicKeys } from '@dcesop/sdk-plugin/signing'
import { createPublicKey } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistrySettings } from '../registry/settings.ts'
import { type GenerationKey, Journal } from '../journal/journal.ts'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { type Answer, Harness, startData } from '../testing/harness.ts'

const act = 'act' as const
/** A registry where nobody listens. */
const registry: RegistrySettings = {
  url: 'http://127.0.0.1:9',
  roots: readPublicKeys([newPublisherKey().publicKey]),
  regions: ['br'],
  channel: 'stable',
  refreshMs: 60_000,
  bundleMaxAgeDays: 30,
  react: { security: act, legal: act, defect: act, withdrawn: act, flagged: act, unapproved: act },
}

let data: Awaited<ReturnType<typeof startData>>
let dataDir: string
let host: Harness

beforeAll(async () => {
  data = await startData()
  dataDir = await mkdtemp(join(tmpdir(), 'dcesop-kill-'))
  host = await start()
}, 60_000)

afterAll(async () => {
  await host?.stop()
  await data?.stop()
  await rm(dataDir, { recursive: true, force: true })
}, 60_000)

const start = () => Harness.start(data.data, { dataDir, registry })
const admin = (method: string, path: string, body?: unknown, as = 'admin') => host.call(method, path, { as, body })
const propose = (body: object) => {
  host.stepUp.grant('kill-switch.propose', body)
  return admin('POST', '/api/admin/kill-switch', body)
}
/** @param seen state of the order that the administrator has on the screen */
const confirm = (id: string, as: string, seen = 'proposed') => {
  host.stepUp.grant('kill-switch.confirm', { id })
  return host.call('POST', `/api/admin/kill-switch/${id}/confirm`, { as, headers: { 'if-match': `"${seen}"` } })
}
interface Row {
  readonly version: string
  readonly token?: number
}
const blank = ' \u200b\u00a0'.repeat(5)
const said = ({ status, json }: Answer) => [status, json['code']]
const served = async () => (await host.call('GET', '/api/plugins/demo/version')).status

const packed = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    start:
      "context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })",
  })

it.each([
  ['a stop', '/api/admin/kill-switch', { plugin: 'demo', reason: blank }],
  ['a stop, cut in the midst of a sign', '/api/admin/kill-switch', { plugin: 'demo', reason: 'leaks \ud83d' }],
  ['the loss of data', '/api/admin/plugins/demo/uninstall', { dropData: true, confirm: 'demo', reason: blank }],
])('takes no reason for %s that a second person could not read', async (_what, path, body) => {
  expect((await admin('POST', path, body)).json).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '/reason', code: 'pattern' }],
  })
})

it('takes two administrators, asks no registry, and holds over a restart until two let it run again', async () => {
  await host.install(await packed('1.0.0'))
  const body = { plugin: 'demo', version: '1.0.0', reason: 'it leaks' }
  expect(said(await admin('POST', '/api/admin/kill-switch', body))).toEqual([403, 'step_up_required'])
  expect(said(await admin('POST', '/api/admin/kill-switch', body, 'agent'))).toEqual([403, 'forbidden'])
  const id = (await propose(body)).json['id'] as string
  expect(said(await confirm(id, 'admin'))).toEqual([403, 'second_person_required'])
  expect(await served()).toBe(200)
  expect((await confirm(id, 'admin-2')).json).toMatchObject({ state: 'active', now: { state: 'QUARANTINED' } })
  expect(await served()).toBe(503)
  expect(said(await confirm(id, 'admin-3'))).toEqual([412, 'precondition_failed'])
  expect(said(await confirm(id, 'admin-3', 'active'))).toEqual([409, 'conflict'])
  // Without a report token there is nobody to tell, and nothing is kept for it.
  const { transitions } = (await admin('GET', '/api/admin/plugins/demo/journal')).json
  expect((transitions as object[])[0]).toMatchObject({ to: 'QUARANTINED', report: null })
  expect(await data.data.core.collection('plugin_reports').countDocuments()).toBe(0)
  expect(said(await host.change('enable', 'demo'))).toEqual([409, 'plugin_barred'])

  await host.stop()
  host = await start()
  const params = { plugin: 'demo', version: '1.0.0', by: 'admin', second: 'admin-2', why: 'it leaks' }
  const causes = [{ code: 'killed_version', params: expect.objectContaining(params) as object }]
  const told = { reason: expect.stringContaining('it leaks') as string, causes }
  expect(await host.view('demo')).toMatchObject({ state: 'QUARANTINED', ...told })
  expect(await served()).toBe(503)

  host.stepUp.grant('kill-switch.release', { id, reason: 'mended' })
  const release = await admin('POST', `/api/admin/kill-switch/${id}/release`, { reason: 'mended' }, 'admin-2')
  expect(release.json).toMatchObject({ state: 'releasing' })
  expect(said(await confirm(id, 'admin-2', 'releasing'))).toEqual([403, 'second_person_required'])
  // Who still sees the stop that was proposed does not end it.
  expect(said(await confirm(id, 'admin'))).toEqual([412, 'precondition_failed'])
  expect(await served()).toBe(503)
  expect((await confirm(id, 'admin', 'releasing')).json).toMatchObject({ state: 'released', now: { state: 'ACTIVE' } })
  expect(await served()).toBe(200)
})

it('leaves a record of who ordered what that the host signed, in the list and in the audit', async () => {
  const { json } = await admin('GET', '/api/admin/kill-switch')
  const key = createPublicKey(json['publicKey'] as string)
  const [order] = json['orders'] as { records: Envelope[] }[]
  const opened = order?.records.map((record) => {
    const found = openEnvelope(record, 'application/vnd.dcesop.kill-order+json', new Map([[keyIdOf(key), key]]))
    return JSON.parse(String(found?.payload)) as object
  })
  expect(opened).toMatchObject([
    { state: 'active', plugin: 'demo', proposal: { by: 'admin', reason: 'it leaks' }, confirmation: { by: 'admin-2' } },
    { state: 'released', releaseProposal: { by: 'admin-2' }, releaseConfirmation: { by: 'admin' } },
  ])
  const audited = host.audit.records.filter(({ action }) => action === 'kill-switch.confirm')
  expect(audited.map(({ outcome, actor }) => [outcome, actor.subject])).toEqual([
    ['failed', 'admin-2'],
    ['failed', 'admin'],
    ['allowed', 'admin'],
  ])
  expect(JSON.parse(String(audited.at(-1)?.details?.['record']))).toEqual(order?.records.at(-1))
})

it('stops a version where it serves, in one region or in the others, and starts it there again while the rest goes on', async () => {
  await host.upload(await packed('1.2.0'))
  expect((await host.change('upgrade', 'demo', { version: '1.2.0', region: 'mx' })).status).toBe(200)
  const inEach = async () =>
    Promise.all(
      ['agent@br', 'agent@mx'].map(async (as) => {
        const { status, json } = await host.call('GET', '/api/plugins/demo/version', { as })
        return json['version'] ?? status
      }),
    )
  for (const [version, during] of [
    ['1.2.0', ['1.0.0', 503]],
    ['1.0.0', [503, '1.2.0']],
  ] as const) {
    const id = (await propose({ plugin: 'demo', version, reason: 'it leaks' })).json['id'] as string
    await confirm(id, 'admin-2')
    expect(await inEach()).toEqual(during)
    host.stepUp.grant('kill-switch.release', { id, reason: 'mended' })
    await admin('POST', `/api/admin/kill-switch/${id}/release`, { reason: 'mended' }, 'admin-2')
    const released = (await confirm(id, 'admin', 'releasing')).json
    expect(released).toMatchObject({ state: 'released' })
    expect(released).not.toHaveProperty('problem')
    expect(await inEach()).toEqual(['1.0.0', '1.2.0'])
  }
  expect((await host.change('rollback', 'demo', { region: 'mx' })).status).toBe(200)
})

it('puts a version into quarantine that was given up long ago, when somebody wants it again', async () => {
  await host.upload(await packed('1.3.0'))
  await host.change('upgrade', 'demo', { version: '1.3.0' })
  await host.change('rollback', 'demo')
  const { transitions } = (await admin('GET', '/api/admin/plugins/demo/journal')).json as { transitions: Row[] }
  const last = transitions.find(({ version }) => version === '1.3.0')
  const key = await data.data.core.collection<Row>('plugin_journal').findOne({ version: '1.3.0' })
  const journal = new Journal(data.data.core, { now: () => new Date() })
  await journal.append(key as unknown as GenerationKey, 'RETIRED', last?.token ?? 1_000_000)
  await confirm((await propose({ plugin: 'demo', version: '1.3.0', reason: 'no' })).json['id'] as string, 'admin-2')
  expect(said(await host.change('upgrade', 'demo', { version: '1.3.0' }))).toEqual([409, 'plugin_barred'])
  const rows = (await admin('GET', '/api/admin/plugins/demo/journal')).json['transitions'] as Row[]
  expect(rows[0]).toMatchObject({ version: '1.3.0', from: 'RETIRED', to: 'QUARANTINED' })
  expect(await served()).toBe(200)
})

it('keeps a version, or the whole plugin, from ever starting', async () => {
  await confirm((await propose({ plugin: 'demo', version: '1.1.0', reason: 'never' })).json['id'] as string, 'admin-2')
  await host.upload(await packed('1.1.0'))
  expect(said(await host.change('upgrade', 'demo', { version: '1.1.0' }))).toEqual([409, 'plugin_barred'])
  expect(await served()).toBe(200)
  await confirm((await propose({ plugin: 'demo', reason: 'all of it' })).json['id'] as string, 'admin-2')
  expect(await served()).toBe(503)
})
