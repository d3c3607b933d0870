import { packFixture } from '../../core/src/plugins/testing/fixture-plugin.ts'
import { Partner } from '../support/partner.ts'
import { decisionCases } from './registry-client/decision-cases.ts'
import { islandCases } from './registry-client/island-cases.ts'
import { rangeCases } from './registry-client/range-cases.ts'
import { reportCases } from './registry-client/report-cases.ts'
import { PinnedHost, said } from './registry-client/pinned-host.ts'

const minute = 60_000

let pinned: PinnedHost

beforeAll(async () => {
  pinned = await PinnedHost.start()
}, 120_000)

afterAll(() => pinned?.stop(), 60_000)

afterEach(() => pinned?.calm())

describe('a plugin of the registry', () => {
  it('is planned, fetched, verified and started, and everything that vouched for it is kept', async () => {
    await pinned.release('radio')
    const wish = { install: [{ plugin: 'radio' }] }
    const plan = await pinned.admin('POST', '/api/admin/registry/resolve', wish)
    expect(plan.json).toMatchObject({ ok: true, steps: [{ action: 'install', plugin: 'radio', version: '1.0.0' }] })
    const installed = await pinned.fromRegistry('install', 'radio')
    expect([installed.status, installed.json['state']]).toEqual([200, 'ACTIVE'])
    expect(await pinned.served('radio')).toBe('1.0.0')
    const approvers = ['reviewer.br', 'registry-admin.br']
    const evidence = {
      package: '@acme/dcesop-radio',
      registry: pinned.proxy.url,
      publisherKeys: [pinned.acme.keyId],
      approvals: [{ region: 'br', approvers }],
    }
    expect((await pinned.host.view('radio'))['evidence']).toMatchObject(evidence)
    const { json } = await pinned.admin('GET', '/api/admin/plugins/radio/journal')
    const rows = new Map(
      (json['transitions'] as { to: string; evidence: object }[]).map((row) => [row.to, row.evidence]),
    )
    expect(rows.get('FETCHED')).toMatchObject({ package: '@acme/dcesop-radio', registry: pinned.proxy.url })
    expect(rows.get('VERIFIED')).toMatchObject({
      publisherKeys: [pinned.acme.keyId],
      packageKey: expect.stringMatching(/^SHA256:/),
    })
    expect(rows.get('APPROVED')).toMatchObject({ approvals: [{ region: 'br', approvers }] })
    const audited = pinned.host.audit.records.find(
      ({ action, resource }) => action === 'plugin.install' && resource === 'radio',
    )
    expect(JSON.parse(String(audited?.details?.['evidence']))).toMatchObject([evidence])
    await pinned.release('radio', '1.1.0')
    expect((await pinned.fromRegistry('upgrade', 'radio', '1.1.0')).status).toBe(200)
    expect(await pinned.served('radio')).toBe('1.1.0')
  })

  it('is verified and fetched when its settings are tried before the installation, which starts nothing', async () => {
    const schema = { type: 'object', required: ['gateway'], properties: { gateway: { type: 'string' } } }
    await pinned.release('asking', '1.0.0', { manifest: { config: { schema } } as never })
    const path = '/api/admin/plugins/asking/install/check'
    const tried = (config = {}) => pinned.admin('POST', path, { version: '1.0.0', from: 'registry', config })
    expect(await tried()).toMatchObject({
      status: 422,
      json: { mistakes: [{ pointer: '/gateway', rule: 'required' }] },
    })
    expect(await pinned.admin('GET', '/api/admin/plugins/asking/versions/1.0.0/config')).toMatchObject({
      status: 200,
      json: { schema, host: {} },
    })
    expect(await tried({ gateway: 'x' })).toMatchObject({ status: 200 })
    expect(await pinned.admin('GET', '/api/admin/plugins/asking')).toMatchObject({ status: 404 })
    const put = pinned.host.audit.records.filter(
      ({ action, resource }) => action === 'plugin.package.put' && resource === 'asking',
    )
    expect(put).toMatchObject([{ details: { version: '1.0.0', source: 'registry' } }])
    await pinned.release('unapproved', '1.0.0', { approved: false })
    const refused = await pinned.admin('POST', '/api/admin/plugins/unapproved/install/check', {
      version: '1.0.0',
      from: 'registry',
    })
    expect(said(refused)).toEqual([409, 'release_not_allowed'])
  })

  it('is not installed before it is approved for the region, nor after its approval was taken back', async () => {
    await pinned.release('waiting', '1.0.0', { approved: false })
    const refused = await pinned.fromRegistry('install', 'waiting')
    expect([...said(refused), refused.json['rule']]).toEqual([409, 'release_not_allowed', 'unapproved'])
    await pinned.acme.approve('waiting', '1.0.0')
    expect((await pinned.fromRegistry('install', 'waiting')).status).toBe(200)
    await pinned.acme.reject('waiting', '1.0.0')
    await pinned.refresh()
    expect(await pinned.host.view('waiting')).toMatchObject({
      state: 'QUARANTINED',
      finding: { rule: 'unapproved', due: true },
    })
    expect(await pinned.served('waiting')).toBe(503)
    expect(said(await pinned.host.change('enable', 'waiting'))).toEqual([409, 'plugin_barred'])
  })

  it('whose bytes were changed on the way is refused, and nothing of it is kept', async () => {
    await pinned.release('altered')
    pinned.proxy.meddle = (where, body) => {
      if (!where.endsWith('.tgz')) return undefined
      const other = Buffer.from(body)
      other[other.length >> 1]! ^= 1
      return other
    }
    expect(said(await pinned.fromRegistry('install', 'altered'))).toEqual([422, 'release_refused'])
    // A registry that tells other sums beside other bytes is held against its own snapshot.
    pinned.proxy.meddle = (where, body) =>
      where.includes('dcesop-altered') ? Buffer.from(body.toString().replaceAll('sha512-', 'sha512-A')) : undefined
    expect(said(await pinned.fromRegistry('install', 'altered'))).toEqual([422, 'release_refused'])
    // An approval of somebody else's version does not do.
    await pinned.release('other')
    const approvals = await pinned.acme.approvals('other', '1.0.0')
    pinned.proxy.meddle = (where, body) =>
      where.includes('/plugins/') && where.includes('altered')
        ? Buffer.from(JSON.stringify({ ...(JSON.parse(body.toString()) as object), approvals }))
        : undefined
    const forged = await pinned.fromRegistry('install', 'altered')
    expect([...said(forged), forged.json['fault']]).toEqual([422, 'release_refused', 'other_subject'])
    expect(await pinned.stored('altered')).toEqual([])
  })

  it('that its publisher did not sign is refused, though the registry took it and people approved it', async () => {
    await pinned.release('unsigned', '1.0.0', { signed: false })
    const refused = await pinned.fromRegistry('install', 'unsigned')
    expect([...said(refused), refused.json['fault']]).toEqual([422, 'release_refused', 'wrong_signature'])
    expect(await pinned.stored('unsigned')).toEqual([])
  })

  it('takes nobody else’s place: an id is that of one publisher', async () => {
    await pinned.host.install(await packFixture({ id: 'radar' }))
    const evil = await Partner.join(pinned.registry, 'evil')
    await pinned.release('radar', '2.0.0', { partner: evil })
    const refused = await pinned.fromRegistry('upgrade', 'radar', '2.0.0')
    expect([...said(refused), refused.json['bound']]).toEqual([409, 'publisher_changed', '@acme/dcesop-radar'])
  })

  it('comes with the other steps of its plan once they were confirmed, and they go again when it fails', async () => {
    await pinned.release('sensor', '1.0.0', { manifest: { provides: { 'sensor.data': '1.0.0' } } })
    await pinned.release('monitor', '1.0.0', {
      manifest: { consumes: [{ capability: 'sensor.data', range: '^1' }] },
      start: "throw new Error('it never starts')",
    })
    const more = await pinned.fromRegistry('install', 'monitor')
    expect(said(more)).toEqual([409, 'plan_differs'])
    expect(more.json['steps']).toMatchObject([{ plugin: 'sensor' }, { plugin: 'monitor' }])
    expect(more.json['unconfirmed']).toMatchObject([{ action: 'install', plugin: 'sensor' }])
    const inOneRegion = { region: 'br', with: [{ plugin: 'sensor', version: '1.0.0' }] }
    expect(said(await pinned.fromRegistry('install', 'monitor', '1.0.0', inOneRegion))).toEqual([
      400,
      'invalid_request',
    ])
    const failed = await pinned.fromRegistry('install', 'monitor', '1.0.0', {
      with: [{ plugin: 'sensor', version: '1.0.0' }],
    })
    expect([failed.status, failed.json['takenBack']]).toEqual([422, ['monitor', 'sensor']])
    expect((await pinned.admin('GET', '/api/admin/plugins/sensor')).status).toBe(404)
    const { json } = await pinned.admin('GET', '/api/admin/plugins/sensor/journal')
    expect((json['transitions'] as { to: string }[])[0]).toMatchObject({ to: 'RETIRED' })
    const impossible = await pinned.admin('POST', '/api/admin/registry/resolve', {
      install: [{ plugin: 'monitor', range: '^9' }],
    })
    const params = { plugin: 'monitor', range: '^9' }
    const text = 'The wish is "monitor" in version ^9, and there is none.'
    expect(impossible.json).toMatchObject({ ok: false, conflict: [{ rule: 'wish', code: 'wish_none', params, text }] })
  })

  it('is refused with what stands in the way, as sentences and by codes', async () => {
    const consumes = [{ capability: 'nobody.has', range: '^1' }]
    await pinned.release('hermit', '1.0.0', { manifest: { consumes } })
    const refused = await pinned.fromRegistry('install', 'hermit')
    expect(said(refused)).toEqual([409, 'plan_impossible'])
    const params = { plugin: 'hermit', versions: ['1.0.0'], capability: 'nobody.has', range: '^1' }
    expect(refused.json['conflict']).toContainEqual({
      ...{ rule: 'consumes', plugin: 'hermit', versions: ['1.0.0'], code: 'consumes_unknown', params },
      text: '"hermit" 1.0.0 needs capability "nobody.has" ^1, which nobody provides.',
    })
  })
})

describe('the state of the registry', () => {
  it('is not believed when it is too old by this host’s clock, and the answer tells both times', async () => {
    await pinned.release('late')
    pinned.ahead = 180 * minute
    const refused = await pinned.fromRegistry('install', 'late')
    expect([...said(refused), refused.json['fault']]).toEqual([502, 'registry_untrusted', 'expired'])
    expect(refused.json['detail']).toContain(pinned.clock.now().toISOString().slice(0, 13))
    expect((await pinned.admin('GET', '/api/admin/registry')).json).toMatchObject({ reachable: false, stale: true })
    pinned.ahead = 0
    expect((await pinned.fromRegistry('install', 'late')).status).toBe(200)
  })

  it('is not believed when somebody replays an older one, over a restart too', async () => {
    const old = Buffer.from(await (await fetch(`${pinned.registry.url}/-/dcesop/v1/snapshot`)).arrayBuffer())
    await pinned.release('late', '1.1.0')
    await pinned.refresh()
    pinned.proxy.meddle = (where) => (where.endsWith('/snapshot') ? old : undefined)
    const replayed = await pinned.refresh()
    expect(replayed.json).toMatchObject({ reachable: false, problem: expect.stringContaining('was seen before') })
    const audited = pinned.host.audit.records.filter(({ action }) => action === 'plugin.registry.refused')
    expect(audited.map(({ reason }) => reason)).toEqual(['expired', 'rolled_back'])
    await pinned.restart()
    expect((await pinned.refresh()).json).toMatchObject({
      reachable: false,
      problem: expect.stringContaining('was seen before'),
    })
    expect(await pinned.served('late')).toBe('1.0.0')
  })

  it('may be out of reach: what is installed serves, and news come when it is back', async () => {
    pinned.proxy.down = true
    await pinned.refresh()
    expect(await pinned.served('radio')).toBe('1.1.0')
    expect((await pinned.admin('GET', '/api/admin/registry')).json).toMatchObject({ reachable: false, stale: false })
    expect((await pinned.host.host.readiness.check()).detail).toMatchObject({
      registry: { reachable: false, stale: false },
    })
    await pinned.release('news')
    expect(said(await pinned.fromRegistry('install', 'news'))).toEqual([404, 'release_not_listed'])
    pinned.ahead = 180 * minute
    expect(said(await pinned.fromRegistry('install', 'news'))).toEqual([503, 'registry_unreachable'])
    pinned.ahead = 0
    pinned.proxy.down = false
    expect((await pinned.refresh()).json).toMatchObject({ reachable: true, problem: null })
    expect((await pinned.fromRegistry('install', 'news')).status).toBe(200)
  })
})

describe('what the registry says later', () => {
  it('replaces a version that is yanked for security at its deadline, and tells before', async () => {
    await pinned.release('pager')
    await pinned.fromRegistry('install', 'pager')
    await pinned.release('pager', '1.0.1')
    const deadline = new Date(Date.now() + 10 * minute).toISOString()
    await pinned.acme.yank('pager', '1.0.0', { class: 'security', reason: 'CVE-2026-1', deadline })
    const told = (await pinned.refresh()).json['findings']
    expect(told).toContainEqual(expect.objectContaining({ plugin: 'pager', class: 'security', deadline, due: false }))
    expect(await pinned.served('pager')).toBe('1.0.0')
    pinned.ahead = 11 * minute
    await pinned.refresh()
    expect(await pinned.served('pager')).toBe('1.0.1')
    const actions = pinned.host.audit.records.filter(({ resource }) => resource === 'pager').map(({ action }) => action)
    expect(actions).toEqual(['plugin.install', 'plugin.registry.finding', 'plugin.upgrade'])
  })

  it('stops a version for which there is no other at the deadline, though the registry is out of reach by then', async () => {
    await pinned.release('lonely')
    await pinned.fromRegistry('install', 'lonely')
    const deadline = new Date(Date.now() + 10 * minute).toISOString()
    await pinned.acme.yank('lonely', '1.0.0', { class: 'security', reason: 'CVE-2026-2', deadline })
    await pinned.refresh()
    pinned.proxy.down = true
    pinned.ahead = 11 * minute
    await pinned.refresh()
    const reason = expect.stringContaining('CVE-2026-2')
    expect(await pinned.host.view('lonely')).toMatchObject({ state: 'QUARANTINED', reason })
    expect(await pinned.served('lonely')).toBe(503)
  })

  it('only tells of a version that was withdrawn, and nobody else gets it', async () => {
    await pinned.release('retired')
    await pinned.fromRegistry('install', 'retired')
    await pinned.release('retired', '2.0.0')
    await pinned.acme.yank('retired', '1.0.0', { class: 'withdrawn', reason: 'no more' })
    await pinned.acme.yank('retired', '2.0.0', { class: 'defect', reason: 'broken' })
    await pinned.refresh()
    expect(await pinned.served('retired')).toBe('1.0.0')
    expect((await pinned.host.view('retired'))['finding']).toMatchObject({
      class: 'withdrawn',
      reaction: 'tell',
      due: false,
    })
    const refused = await pinned.fromRegistry('upgrade', 'retired', '2.0.0')
    expect([...said(refused), refused.json['rule']]).toEqual([409, 'release_not_allowed', 'yanked'])
  })

  it('stops what a key signed that is revoked', async () => {
    const globex = await Partner.join(pinned.registry, 'globex')
    await pinned.release('meter', '1.0.0', { partner: globex })
    await pinned.release('gauge', '1.0.0', { partner: globex })
    await pinned.fromRegistry('install', 'meter')
    await globex.revokeKey()
    await pinned.refresh()
    expect(await pinned.host.view('meter')).toMatchObject({ state: 'QUARANTINED', finding: { rule: 'flagged' } })
    const refused = await pinned.fromRegistry('install', 'gauge')
    expect([...said(refused), refused.json['rule']]).toEqual([409, 'release_not_allowed', 'flagged'])
  })
})

describe('a decision by people of the instance', () => decisionCases(() => pinned))

describe('incidents', () => reportCases(() => pinned))

describe('a range of versions', () => rangeCases(() => pinned))

describe('an instance without a network', () => islandCases(() => pinned))
