import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packFixture } from '../../core/src/plugins/testing/fixture-plugin.ts'
import { type Answer, Harness, startData } from '../../core/src/plugins/testing/harness.ts'
import type { RegistrySettings } from '../../core/src/plugins/registry/settings.ts'
import { type MeddlingProxy, startMeddlingProxy } from '../support/meddling-proxy.ts'
import { Partner, type Release } from '../support/partner.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'
import { registrySettings } from '../support/registry-settings.ts'

const minute = 60_000

/** The registry as a process, somebody in between, and a host that pins the registry's root key. */
let registry: RegistryProcess
let proxy: MeddlingProxy
let acme: Partner
let settings: RegistrySettings
let data: Awaited<ReturnType<typeof startData>>
let dataDir: string
let host: Harness
let ahead = 0
const clock = { now: () => new Date(Date.now() + ahead) }

beforeAll(async () => {
  ;[registry, data] = await Promise.all([startRegistryProcess(), startData()])
  dataDir = await mkdtemp(path.join(tmpdir(), 'dcesop-client-'))
  proxy = await startMeddlingProxy(registry.url)
  settings = await registrySettings(registry, proxy.url)
  acme = await Partner.join(registry, 'acme')
  host = await startHost()
}, 120_000)

afterAll(async () => {
  await host?.stop()
  await proxy?.stop()
  await registry?.dispose()
  await data?.stop()
  await rm(dataDir, { recursive: true, force: true })
}, 60_000)

afterEach(() => {
  ahead = 0
  proxy.down = false
  proxy.meddle = undefined
})

const startHost = () => Harness.start(data.data, { dataDir, registry: settings, clock })

const release = (id: string, version = '1.0.0', { partner = acme, ...more }: Release & { partner?: Partner } = {}) =>
  partner.release(id, version, more)

const fromRegistry = (verb: 'install' | 'upgrade', id: string, version = '1.0.0', more: object = {}) =>
  host.change(verb, id, { version, from: 'registry', ...more })
const admin = (method: string, where: string, body?: unknown, as = 'admin') => host.call(method, where, { as, body })
const refresh = () => admin('POST', '/api/admin/registry/refresh')
const said = ({ status, json }: Answer) => [status, json['code']]
const served = async (id: string) => {
  const { status, json } = await host.call('GET', `/api/plugins/${id}/version`)
  return status === 200 ? json['version'] : status
}
const stored = async (id: string) => {
  const { json } = await admin('GET', '/api/admin/plugins')
  return (json['packages'] as { id: string }[]).filter((one) => one.id === id)
}

describe('a plugin of the registry', () => {
  it('is planned, fetched, verified and started, and everything that vouched for it is kept', async () => {
    await release('radio')
    const wish = { install: [{ plugin: 'radio' }] }
    const plan = await admin('POST', '/api/admin/registry/resolve', wish)
    expect(plan.json).toMatchObject({ ok: true, steps: [{ action: 'install', plugin: 'radio', version: '1.0.0' }] })
    const installed = await fromRegistry('install', 'radio')
    expect([installed.status, installed.json['state']]).toEqual([200, 'ACTIVE'])
    expect(await served('radio')).toBe('1.0.0')
    const approvers = ['reviewer.br', 'registry-admin.br']
    const evidence = {
      package: '@acme/dcesop-radio',
      registry: proxy.url,
      publisherKeys: [acme.keyId],
      approvals: [{ region: 'br', approvers }],
    }
    expect((await host.view('radio'))['evidence']).toMatchObject(evidence)
    const { json } = await admin('GET', '/api/admin/plugins/radio/journal')
    const rows = new Map(
      (json['transitions'] as { to: string; evidence: object }[]).map((row) => [row.to, row.evidence]),
    )
    expect(rows.get('FETCHED')).toMatchObject({ package: '@acme/dcesop-radio', registry: proxy.url })
    expect(rows.get('VERIFIED')).toMatchObject({
      publisherKeys: [acme.keyId],
      packageKey: expect.stringMatching(/^SHA256:/),
    })
    expect(rows.get('APPROVED')).toMatchObject({ approvals: [{ region: 'br', approvers }] })
    const audited = host.audit.records.find(
      ({ action, resource }) => action === 'plugin.install' && resource === 'radio',
    )
    expect(JSON.parse(String(audited?.details?.['evidence']))).toMatchObject([evidence])
    await release('radio', '1.1.0')
    expect((await fromRegistry('upgrade', 'radio', '1.1.0')).status).toBe(200)
    expect(await served('radio')).toBe('1.1.0')
  })

  it('is not installed before it is approved for the region, nor after its approval was taken back', async () => {
    await release('waiting', '1.0.0', { approved: false })
    const refused = await fromRegistry('install', 'waiting')
    expect([...said(refused), refused.json['rule']]).toEqual([409, 'release_not_allowed', 'unapproved'])
    await acme.approve('waiting', '1.0.0')
    expect((await fromRegistry('install', 'waiting')).status).toBe(200)
    await acme.reject('waiting', '1.0.0')
    await refresh()
    expect(await host.view('waiting')).toMatchObject({
      state: 'QUARANTINED',
      finding: { rule: 'unapproved', due: true },
    })
    expect(await served('waiting')).toBe(503)
    expect(said(await host.change('enable', 'waiting'))).toEqual([409, 'plugin_barred'])
  })

  it('whose bytes were changed on the way is refused, and nothing of it is kept', async () => {
    await release('altered')
    proxy.meddle = (where, body) => {
      if (!where.endsWith('.tgz')) return undefined
      const other = Buffer.from(body)
      other[other.length >> 1]! ^= 1
      return other
    }
    expect(said(await fromRegistry('install', 'altered'))).toEqual([422, 'release_refused'])
    // A registry that tells other sums beside other bytes is held against its own snapshot.
    proxy.meddle = (where, body) =>
      where.includes('dcesop-altered') ? Buffer.from(body.toString().replaceAll('sha512-', 'sha512-A')) : undefined
    expect(said(await fromRegistry('install', 'altered'))).toEqual([422, 'release_refused'])
    // An approval of somebody else's version does not do.
    await release('other')
    const approvals = await acme.approvals('other', '1.0.0')
    proxy.meddle = (where, body) =>
      where.includes('/plugins/') && where.includes('altered')
        ? Buffer.from(JSON.stringify({ ...(JSON.parse(body.toString()) as object), approvals }))
        : undefined
    const forged = await fromRegistry('install', 'altered')
    expect([...said(forged), forged.json['fault']]).toEqual([422, 'release_refused', 'other_subject'])
    expect(await stored('altered')).toEqual([])
  })

  it('that its publisher did not sign is refused, though the registry took it and people approved it', async () => {
    await release('unsigned', '1.0.0', { signed: false })
    const refused = await fromRegistry('install', 'unsigned')
    expect([...said(refused), refused.json['fault']]).toEqual([422, 'release_refused', 'wrong_signature'])
    expect(await stored('unsigned')).toEqual([])
  })

  it('takes nobody else’s place: an id is that of one publisher', async () => {
    await host.install(await packFixture({ id: 'radar' }))
    const evil = await Partner.join(registry, 'evil')
    await release('radar', '2.0.0', { partner: evil })
    const refused = await fromRegistry('upgrade', 'radar', '2.0.0')
    expect([...said(refused), refused.json['bound']]).toEqual([409, 'publisher_changed', '@acme/dcesop-radar'])
  })

  it('comes with the other steps of its plan once they were confirmed, and they go again when it fails', async () => {
    await release('sensor', '1.0.0', { manifest: { provides: { 'sensor.data': '1.0.0' } } })
    await release('monitor', '1.0.0', {
      manifest: { consumes: [{ capability: 'sensor.data', range: '^1' }] },
      start: "throw new Error('it never starts')",
    })
    const more = await fromRegistry('install', 'monitor')
    expect(said(more)).toEqual([409, 'plan_differs'])
    expect(more.json['steps']).toMatchObject([{ plugin: 'sensor' }, { plugin: 'monitor' }])
    const inOneRegion = { region: 'br', with: [{ plugin: 'sensor', version: '1.0.0' }] }
    expect(said(await fromRegistry('install', 'monitor', '1.0.0', inOneRegion))).toEqual([400, 'invalid_request'])
    const failed = await fromRegistry('install', 'monitor', '1.0.0', { with: [{ plugin: 'sensor', version: '1.0.0' }] })
    expect([failed.status, failed.json['takenBack']]).toEqual([422, ['monitor', 'sensor']])
    expect((await admin('GET', '/api/admin/plugins/sensor')).status).toBe(404)
    const { json } = await admin('GET', '/api/admin/plugins/sensor/journal')
    expect((json['transitions'] as { to: string }[])[0]).toMatchObject({ to: 'RETIRED' })
    const impossible = await admin('POST', '/api/admin/registry/resolve', {
      install: [{ plugin: 'monitor', range: '^9' }],
    })
    expect(impossible.json).toMatchObject({ ok: false, conflict: [{ text: expect.any(String) }] })
  })
})

describe('the state of the registry', () => {
  it('is not believed when it is too old by this host’s clock, and the answer tells both times', async () => {
    await release('late')
    ahead = 180 * minute
    const refused = await fromRegistry('install', 'late')
    expect([...said(refused), refused.json['fault']]).toEqual([502, 'registry_untrusted', 'expired'])
    expect(refused.json['detail']).toContain(clock.now().toISOString().slice(0, 13))
    expect((await admin('GET', '/api/admin/registry')).json).toMatchObject({ reachable: false, stale: true })
    ahead = 0
    expect((await fromRegistry('install', 'late')).status).toBe(200)
  })

  it('is not believed when somebody replays an older one, over a restart too', async () => {
    const old = Buffer.from(await (await fetch(`${registry.url}/-/dcesop/v1/snapshot`)).arrayBuffer())
    await release('late', '1.1.0')
    await refresh()
    proxy.meddle = (where) => (where.endsWith('/snapshot') ? old : undefined)
    const replayed = await refresh()
    expect(replayed.json).toMatchObject({ reachable: false, problem: expect.stringContaining('was seen before') })
    const audited = host.audit.records.filter(({ action }) => action === 'plugin.registry.refused')
    expect(audited.map(({ reason }) => reason)).toEqual(['expired', 'rolled_back'])
    await host.stop()
    host = await startHost()
    expect((await refresh()).json).toMatchObject({
      reachable: false,
      problem: expect.stringContaining('was seen before'),
    })
    expect(await served('late')).toBe('1.0.0')
  })

  it('may be out of reach: what is installed serves, and news come when it is back', async () => {
    proxy.down = true
    await refresh()
    expect(await served('radio')).toBe('1.1.0')
    expect((await admin('GET', '/api/admin/registry')).json).toMatchObject({ reachable: false, stale: false })
    expect((await host.host.readiness.check()).detail).toMatchObject({ registry: { reachable: false, stale: false } })
    await release('news')
    expect(said(await fromRegistry('install', 'news'))).toEqual([404, 'release_not_listed'])
    ahead = 180 * minute
    expect(said(await fromRegistry('install', 'news'))).toEqual([503, 'registry_unreachable'])
    ahead = 0
    proxy.down = false
    expect((await refresh()).json).toMatchObject({ reachable: true, problem: null })
    expect((await fromRegistry('install', 'news')).status).toBe(200)
  })
})

describe('what the registry says later', () => {
  it('replaces a version that is yanked for security at its deadline, and tells before', async () => {
    await release('pager')
    await fromRegistry('install', 'pager')
    await release('pager', '1.0.1')
    const deadline = new Date(Date.now() + 10 * minute).toISOString()
    await acme.yank('pager', '1.0.0', { class: 'security', reason: 'CVE-2026-1', deadline })
    const told = (await refresh()).json['findings']
    expect(told).toContainEqual(expect.objectContaining({ plugin: 'pager', class: 'security', deadline, due: false }))
    expect(await served('pager')).toBe('1.0.0')
    ahead = 11 * minute
    await refresh()
    expect(await served('pager')).toBe('1.0.1')
    const actions = host.audit.records.filter(({ resource }) => resource === 'pager').map(({ action }) => action)
    expect(actions).toEqual(['plugin.install', 'plugin.registry.finding', 'plugin.upgrade'])
  })

  it('stops a version for which there is no other at the deadline, though the registry is out of reach by then', async () => {
    await release('lonely')
    await fromRegistry('install', 'lonely')
    const deadline = new Date(Date.now() + 10 * minute).toISOString()
    await acme.yank('lonely', '1.0.0', { class: 'security', reason: 'CVE-2026-2', deadline })
    await refresh()
    proxy.down = true
    ahead = 11 * minute
    await refresh()
    const reason = expect.stringContaining('CVE-2026-2')
    expect(await host.view('lonely')).toMatchObject({ state: 'QUARANTINED', reason })
    expect(await served('lonely')).toBe(503)
  })

  it('only tells of a version that was withdrawn, and nobody else gets it', async () => {
    await release('retired')
    await fromRegistry('install', 'retired')
    await release('retired', '2.0.0')
    await acme.yank('retired', '1.0.0', { class: 'withdrawn', reason: 'no more' })
    await acme.yank('retired', '2.0.0', { class: 'defect', reason: 'broken' })
    await refresh()
    expect(await served('retired')).toBe('1.0.0')
    expect((await host.view('retired'))['finding']).toMatchObject({ class: 'withdrawn', reaction: 'tell', due: false })
    const refused = await fromRegistry('upgrade', 'retired', '2.0.0')
    expect([...said(refused), refused.json['rule']]).toEqual([409, 'release_not_allowed', 'yanked'])
  })

  it('stops what a key signed that is revoked', async () => {
    const globex = await Partner.join(registry, 'globex')
    await release('meter', '1.0.0', { partner: globex })
    await release('gauge', '1.0.0', { partner: globex })
    await fromRegistry('install', 'meter')
    await globex.revokeKey()
    await refresh()
    expect(await host.view('meter')).toMatchObject({ state: 'QUARANTINED', finding: { rule: 'flagged' } })
    const refused = await fromRegistry('install', 'gauge')
    expect([...said(refused), refused.json['rule']]).toEqual([409, 'release_not_allowed', 'flagged'])
  })
})

describe('a decision by people of the instance', () => {
  const tokenOf = (user: string) => registry.token(user, `demo ${user} only`)
  async function decide(id: string, token: string, wish: object = {}): Promise<Answer> {
    const made = { region: 'br', decision: 'approve', ...wish }
    host.stepUp.grant('plugin.decision', { id, version: '1.0.0', ...made })
    const path = `/api/admin/registry/plugins/${id}/versions/1.0.0/decisions`
    return admin('POST', path, { ...made, token }, 'admin@br')
  }
  const refusedWith = ({ status, json }: Answer) => [status, json['code'], json['registryCode']]
  const kept = (id: string) =>
    host.audit.records.filter(({ action, resource }) => action === 'plugin.decision' && resource === id)

  it('approves when a second person agrees, never the same one twice, and the version can be installed then', async () => {
    await release('decided', '1.0.0', { approved: false })
    const [first, second] = await Promise.all(['reviewer.br', 'registry-admin.br'].map(tokenOf))
    const one = await decide('decided', first as string)
    expect([one.status, one.json['state']]).toEqual([200, 'pending'])
    const again = await decide('decided', first as string)
    expect(refusedWith(again)).toEqual([502, 'registry_declined', 'second_person_required'])
    expect(said(await fromRegistry('install', 'decided'))).toEqual([409, 'release_not_allowed'])
    const two = await decide('decided', second as string)
    expect([two.status, two.json['state']]).toEqual([200, 'approved'])
    expect((await fromRegistry('install', 'decided')).status).toBe(200)
    expect(kept('decided').map(({ outcome, details }) => [outcome, details?.['account']])).toEqual([
      ['allowed', 'reviewer.br'],
      ['failed', undefined],
      ['allowed', 'registry-admin.br'],
    ])
    for (const token of [first, second]) expect(JSON.stringify(kept('decided'))).not.toContain(token)
  })

  it('rejects with rule and evidence, and what runs stops', async () => {
    const token = await tokenOf('reviewer.br')
    const wish = { decision: 'reject', rule: 'privacy.purpose', evidence: 'it reads more than it says' }
    const made = await decide('decided', token, wish)
    expect(made.json).toMatchObject({ state: 'rejected', rejection: { user: 'reviewer.br', rule: 'privacy.purpose' } })
    await refresh()
    expect(await host.view('decided')).toMatchObject({ state: 'QUARANTINED', finding: { rule: 'unapproved' } })
    expect(refusedWith(await decide('decided', token))).toEqual([502, 'registry_declined', 'decision_not_possible'])
  })

  it('is taken for the person’s own regions only, from an account of the registry that may decide there', async () => {
    await release('elsewhere', '1.0.0', { approved: false })
    const everywhere = await tokenOf('registry-admin')
    const other = await decide('elsewhere', everywhere, { region: 'mx' })
    expect(refusedWith(other)).toEqual([403, 'forbidden', undefined])
    const abroad = await decide('elsewhere', await tokenOf('reviewer.mx'))
    expect(refusedWith(abroad)).toEqual([502, 'registry_declined', 'forbidden'])
    const unknown = await decide('elsewhere', 'npm_0123456789')
    expect(refusedWith(unknown)).toEqual([502, 'registry_declined', 'not_signed_in'])
    expect(await acme.approvals('elsewhere', '1.0.0')).toEqual([])
  })
})

describe('an instance without a network', () => {
  let island: Harness
  let islandData: Awaited<ReturnType<typeof startData>>
  beforeAll(async () => {
    islandData = await startData()
    island = await Harness.start(islandData.data, { registry: { ...settings, url: null }, clock })
  }, 60_000)
  afterAll(async () => {
    await island?.stop()
    await islandData?.stop()
  }, 60_000)

  const bring = (bundle: Buffer) =>
    island.call('POST', '/api/admin/registry/bundle', {
      as: 'admin',
      raw: bundle,
      headers: { 'content-type': 'application/x-tar' },
    })

  it('installs from a bundle, and believes neither a changed nor an older one', async () => {
    await release('offline')
    const first = await acme.bundle([{ plugin: 'offline', version: '1.0.0' }])
    const changed = Buffer.from(first)
    changed[changed.indexOf('"signatures"') + 60]! ^= 1
    expect(said(await bring(changed))).toEqual([422, 'bundle_refused'])
    const imported = await bring(first)
    expect([imported.status, imported.json['packages']]).toMatchObject([201, [{ plugin: 'offline', version: '1.0.0' }]])
    const installed = await island.change('install', 'offline', { version: '1.0.0', from: 'registry' })
    expect(installed.json).toMatchObject({ state: 'ACTIVE', evidence: { registry: null } })
    await release('offline', '1.1.0')
    const second = await acme.bundle([{ plugin: 'offline', version: '1.1.0' }])
    expect((await bring(second)).status).toBe(201)
    expect(said(await bring(first))).toEqual([422, 'bundle_refused'])
    const upgraded = await island.change('upgrade', 'offline', { version: '1.1.0', from: 'registry' })
    expect(upgraded.json).toMatchObject({ state: 'ACTIVE', version: '1.1.0' })
    expect(said(await island.change('install', 'radio', { version: '1.1.0', from: 'registry' }))).toEqual([
      404,
      'release_not_listed',
    ])
  })
})
