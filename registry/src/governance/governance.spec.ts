import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Envelope, keyIdOf, openApproval, openKeyList, openSnapshot } from '@dcesop/sdk-plugin/signing'
import type { Json } from '@dcesop/sdk-plugin/host'
import { pluginTarball } from '../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'
import { payloadDigest } from '../trust/snapshot/snapshot-content.ts'

const own = '/-/dcesop/v1'
let registry: TestRegistry
let ana: string
let admin: string
let br: string
let br2: string
let mx: string
let root: KeyObject
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
  const demo = (user: string) => registry.token(user, `demo ${user} only`)
  ;[admin, br, br2, mx] = (await Promise.all(
    ['registry-admin', 'reviewer.br', 'registry-admin.br', 'reviewer.mx'].map(demo),
  )) as [string, string, string, string]
  root = createPublicKey(await readFile(join(registry.directory, 'keys/root.pub.pem'), 'utf8'))
})
afterAll(() => registry.stop())

const asking = { permissions: { requests: [{ cap: 'http:egress', resource: 'api.example.com', reasonKey: 'why.it' }] } }
async function publish(id: string, version = '1.0.0', manifest: Json = {}, token = ana, scope = 'ana') {
  const name = `@${scope}/dcesop-${id}`
  const tarball = await pluginTarball(name, version, manifest)
  return registry.publish(token, { name, version, tarball })
}
const decide = async (token: string, id: string, body: Json, version = '1.0.0') => {
  const path = `${own}/plugins/${id}/versions/${version}/decisions`
  const answer = await registry.send('POST', path, { token, body })
  return [answer.status, answer.body['code'] ?? answer.body['state'], answer.body] as const
}
const approve = (token: string, id: string, region = 'br', version = '1.0.0') =>
  decide(token, id, { region, decision: 'approve' }, version)
const trusted = async () => {
  const { body } = await registry.send('GET', `${own}/keys`)
  return openKeyList(body as unknown as Envelope, new Map([[keyIdOf(root), root]]), { now: new Date() })
}
const snapshot = async () => {
  const { body } = await registry.send('GET', `${own}/snapshot`)
  return openSnapshot(body as unknown as Envelope, await trusted(), { now: new Date() })
}

describe('a decision on what somebody has seen', () => {
  const path = `${own}/plugins/seen/versions/1.0.0`
  const send = async (method: string, to: string, token: string, body: Json, seen: string) => {
    const { status, body: answer } = await registry.send(method, path + to, {
      token,
      body,
      headers: { 'if-match': seen },
    })
    return [status, answer['code'] ?? null]
  }
  const late = [412, 'precondition_failed']

  it('is refused when another one was made since, and is free to whoever asks for nothing', async () => {
    await publish('seen')
    const seen = async () => (await registry.send('GET', `${path}/decisions`)).headers.get('etag') ?? ''
    const first = await seen()
    expect((await registry.send('GET', path)).body['revision']).toBe(first.slice(1, -1))
    const approval = { region: 'br', decision: 'approve' }
    expect(await send('POST', '/decisions', br, approval, first)).toEqual([201, null])
    // Who has not seen the approval does not take it back.
    const rejection = { region: 'br', decision: 'reject', rule: 'own.rule', evidence: 'It was not tried.' }
    expect(await send('POST', '/decisions', br2, rejection, first)).toEqual(late)
    expect(await send('POST', '/decisions', br2, rejection, await seen())).toEqual([201, null])

    const defect = { class: 'defect', reason: 'It loses calls.' }
    expect(await send('POST', '/yank', ana, defect, first)).toEqual(late)
    const before = await seen()
    expect(await send('POST', '/yank', ana, defect, before)).toEqual([201, null])
    expect(await send('POST', '/yank', ana, { ...defect, reason: 'Another one.' }, before)).toEqual(late)
    expect(await send('DELETE', '/yank', ana, { reason: 'It was mended.' }, before)).toEqual(late)
    expect((await registry.send('GET', `${path}/decisions`)).body['yank']).toMatchObject(defect)
    expect(
      (await registry.send('DELETE', `${path}/yank`, { token: ana, body: { reason: 'It was mended.' } })).status,
    ).toBe(204)
  })
})

describe('an approval', () => {
  it('by one reviewer of the region is enough for a plugin that asks for nothing, and for that region alone', async () => {
    await publish('plain')
    expect((await approve(mx, 'plain')).slice(0, 2)).toEqual([403, 'forbidden'])
    expect((await approve(ana, 'plain')).slice(0, 2)).toEqual([403, 'forbidden'])
    const [status, state, body] = await approve(br, 'plain')
    expect([status, state]).toEqual([201, 'approved'])
    const { versions } = (await snapshot()).packages['@ana/dcesop-plain'] ?? {}
    const attestation = body['attestation'] as Envelope
    expect(versions?.['1.0.0']?.approvals).toEqual({ br: payloadDigest(attestation) })
    const sha512 = Buffer.from((versions?.['1.0.0']?.integrity as string).slice(7), 'base64').toString('hex')
    const subject = { name: '@ana/dcesop-plain@1.0.0', sha512, region: 'br' }
    expect(openApproval(attestation, await trusted(), subject).approvers).toEqual([
      { user: 'reviewer.br', at: expect.any(String) },
    ])
    const [, , refused] = await approve(br2, 'plain')
    expect(refused).toMatchObject({
      ...{ status: 409, code: 'decision_not_possible', reason: 'approved' },
      ...{ params: { version: '@ana/dcesop-plain@1.0.0', region: 'br' } },
    })
  })

  it('needs two people where the policy says so, and one person is never two', async () => {
    await publish('asking', '1.0.0', asking)
    expect((await approve(br, 'asking')).slice(0, 2)).toEqual([201, 'pending'])
    expect((await approve(br, 'asking')).slice(0, 2)).toEqual([403, 'second_person_required'])
    const [, state, body] = await approve(br2, 'asking')
    expect(state).toBe('approved')
    expect(body['policy']).toEqual({ approvals: 2, reasons: ['newPermissions'] })
    await publish('asking', '1.0.1', asking)
    expect((await approve(br, 'asking', 'br', '1.0.1')).slice(0, 2)).toEqual([201, 'approved'])
    const more = {
      permissions: {
        requests: [...asking.permissions.requests, { cap: 'secrets:use', resource: 'a', reasonKey: 'why.it' }],
      },
    }
    await publish('asking', '1.1.0', more)
    expect((await approve(br, 'asking', 'br', '1.1.0')).slice(0, 2)).toEqual([201, 'pending'])
  })

  it('of two people at the same moment counts both', async () => {
    await publish('twins', '1.0.0', asking)
    const states = (await Promise.all([approve(br, 'twins'), approve(br2, 'twins')])).map(([, state]) => state)
    expect(states.sort()).toEqual(['approved', 'pending'])
  })

  it('of one person sent twice at the same moment counts once', async () => {
    await publish('double', '1.0.0', asking)
    const answers = await Promise.all([approve(br, 'double'), approve(br, 'double')])
    expect(answers.map(([status]) => status).sort()).toEqual([201, 403])
  })

  it('is not for those who publish', async () => {
    const partner = await registry.token('registry-admin.br', 'demo registry-admin.br only')
    await publish('ours', '1.0.0', {}, partner, 'dcesop')
    expect((await approve(partner, 'ours')).slice(0, 2)).toEqual([403, 'own_plugin'])
    const member = await registry.token('registry-admin.mx', 'demo registry-admin.mx only')
    expect((await approve(member, 'ours', 'mx')).slice(0, 2)).toEqual([403, 'own_plugin'])
    expect((await approve(mx, 'ours', 'mx')).slice(0, 2)).toEqual([201, 'approved'])
  })

  it.each([
    [{}],
    [{ region: 'br' }],
    [{ region: 'br', decision: 'maybe' }],
    [{ region: { $ne: 'x' }, decision: 'approve' }],
    [{ region: 'br', decision: 'approve', extra: 1 }],
  ])('is refused in the form %j', async (body) => {
    expect((await decide(br, 'plain', body))[0]).toBe(400)
  })
})

describe('a rejection', () => {
  it('names its rule and evidence, takes an approval back, and waits for an appeal that somebody else decides', async () => {
    await publish('bad')
    await approve(br, 'bad')
    expect((await decide(br, 'bad', { region: 'br', decision: 'reject' }))[0]).toBe(400)
    const reject = { region: 'br', decision: 'reject', rule: 'privacy.purpose', evidence: 'It reads names.' }
    expect((await decide(br, 'bad', reject)).slice(0, 2)).toEqual([201, 'rejected'])
    expect((await snapshot()).packages['@ana/dcesop-bad']?.versions['1.0.0']?.approvals).toBeUndefined()
    expect((await approve(br2, 'bad')).slice(0, 2)).toEqual([409, 'decision_not_possible'])
    const appeal = { region: 'br', decision: 'appeal', comment: 'It no longer does.' }
    expect((await decide(br2, 'bad', appeal)).slice(0, 2)).toEqual([403, 'scope_not_owned'])
    expect((await decide(ana, 'bad', appeal)).slice(0, 2)).toEqual([201, 'appealed'])
    expect((await approve(br, 'bad')).slice(0, 2)).toEqual([403, 'second_person_required'])
    expect((await approve(br2, 'bad')).slice(0, 2)).toEqual([201, 'approved'])
  })
})

describe('a yank', () => {
  const yank = (token: string, id: string, body: Json, version = '1.0.0') =>
    registry.send('POST', `${own}/plugins/${id}/versions/${version}/yank`, { token, body })
  const restore = (token: string, id: string, version = '1.0.0') =>
    registry.send('DELETE', `${own}/plugins/${id}/versions/${version}/yank`, { token, body: { reason: 'mended' } })
  const tarball = (id: string, version = '1.0.0') =>
    registry.send('GET', `/@ana%2fdcesop-${id}/-/dcesop-${id}-${version}.tgz`)
  const packument = async (id: string) => (await registry.send('GET', `/@ana%2fdcesop-${id}`)).body

  it('hides the version from installers, moves latest, keeps the bytes, and can be taken back', async () => {
    await publish('defect')
    await publish('defect', '1.1.0')
    const eve = await registry.token('eve')
    const wish = { class: 'defect', reason: 'loses data' }
    expect((await yank(eve, 'defect', wish, '1.1.0')).status).toBe(403)
    expect((await yank(ana, 'defect', wish, '1.1.0')).status).toBe(201)
    expect(await packument('defect')).toMatchObject({ 'dist-tags': { latest: '1.0.0' } })
    expect(Object.keys((await packument('defect'))['versions'] as object)).toEqual(['1.0.0'])
    expect((await registry.send('GET', '/@ana%2fdcesop-defect/1.1.0')).status).toBe(404)
    const tag = await registry.send('PUT', '/-/package/@ana%2fdcesop-defect/dist-tags/latest', {
      token: ana,
      body: '"1.1.0"',
    })
    expect(tag.status).toBe(404)
    expect((await tarball('defect', '1.1.0')).status).toBe(200)
    expect((await snapshot()).packages['@ana/dcesop-defect']).toMatchObject({
      versions: { '1.1.0': { state: 'yanked', yank: wish } },
      channels: { stable: '1.0.0' },
    })
    expect((await publish('defect', '1.1.0')).status).toBe(409)
    expect((await restore(ana, 'defect', '1.1.0')).status).toBe(204)
    expect((await restore(ana, 'defect', '1.1.0')).body).toMatchObject({
      code: 'yank_not_possible',
      reason: 'not_yanked',
    })
    expect((await registry.send('GET', '/@ana%2fdcesop-defect/1.1.0')).status).toBe(200)
  })

  it('of what is not there says so by the version and the package', async () => {
    await publish('there')
    const wish = { class: 'defect', reason: 'x' }
    const name = '@ana/dcesop-there'
    expect((await yank(ana, 'there', wish, '9.9.9')).body).toMatchObject({
      ...{ status: 404, code: 'package_not_found', reason: 'unknown_version', params: { version: '9.9.9', name } },
    })
    const { body } = await registry.send('GET', `${own}/plugins/@ana%2fdcesop-absent/incidents`, { token: ana })
    expect(body).toMatchObject({ status: 404, reason: 'unknown_package', params: { name: '@ana/dcesop-absent' } })
  })

  it('has a deadline that is still to come', async () => {
    await publish('late')
    const until = (ms: number) => ({
      class: 'legal',
      reason: 'licence',
      deadline: new Date(Date.now() + ms).toISOString(),
    })
    expect(await yank(admin, 'late', until(-86_400_000))).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        reason: 'deadline_over',
        detail: expect.stringMatching(/The deadline .* is over .*clock says/) as string,
      },
    })
    expect((await tarball('late')).status).toBe(200)
    expect(Object.keys((await packument('late'))['versions'] as Json)).toEqual(['1.0.0'])
    // "Now" by a clock that goes a little behind this one.
    expect((await yank(admin, 'late', until(-1000))).status).toBe(201)
  })

  it('and whatever else is to be read for ever has a reason that can be seen', async () => {
    await publish('silent')
    for (const reason of ['', '   ', '\u200B\u202E', '\u0000', 'half a sign: \uD83D'])
      expect((await yank(ana, 'silent', { class: 'defect', reason })).status).toBe(400)
    const rejection = { region: 'br', decision: 'reject', rule: 'other', evidence: ' \u2060' }
    expect((await decide(br, 'silent', rejection))[0]).toBe(400)
    expect((await yank(ana, 'silent', { class: 'defect', reason: '—' })).status).toBe(201)
  })

  it('for security is an administrator’s, for ever, and gives the bytes to nobody', async () => {
    await publish('danger')
    const wish = { class: 'security', reason: 'steals', deadline: '2030-01-01T00:00:00Z' }
    expect((await yank(ana, 'danger', wish)).body).toMatchObject({ code: 'forbidden', reason: 'yank_of_class' })
    expect((await yank(admin, 'danger', wish)).status).toBe(201)
    expect((await tarball('danger')).status).toBe(410)
    expect((await packument('danger'))['versions']).toEqual({})
    for (const less of ['withdrawn', 'defect', 'legal'])
      expect((await yank(admin, 'danger', { class: less, reason: 'x' })).body).toMatchObject({
        code: 'yank_not_possible',
        reason: 'yanked_for',
        params: { kind: 'security' },
      })
    expect((await tarball('danger')).status).toBe(410)
    expect((await restore(admin, 'danger')).body).toMatchObject({ reason: 'yanked_for_ever' })
    expect((await approve(br, 'danger')).slice(0, 2)).toEqual([409, 'decision_not_possible'])
    expect((await yank(admin, 'danger', { class: 'security', reason: 'x', deadline: 'soon' })).status).toBe(400)
  })
})

describe('channels', () => {
  it('are those of a package that is there', async () => {
    for (const plugin of ['nowhere', '@ana/dcesop-nowhere']) {
      const { status, body } = await registry.send('GET', `${own}/channels?plugin=${encodeURIComponent(plugin)}`)
      expect([status, body['code']]).toEqual([404, 'package_not_found'])
    }
  })

  it('hold prereleases apart until they are promoted', async () => {
    await publish('moving')
    await publish('moving', '2.0.0-rc.1')
    const channels = async () => (await registry.send('GET', `${own}/channels?plugin=moving`)).body['channels']
    const move = (token: string, channel: string) =>
      registry.send('POST', `${own}/channels`, { token, body: { plugin: 'moving', version: '2.0.0-rc.1', channel } })
    expect(await channels()).toEqual({ next: '2.0.0-rc.1', stable: '1.0.0' })
    const refusal = async (token: string, channel: string) => {
      const { status, body } = await move(token, channel)
      return [status, body['code'], body['reason']]
    }
    expect(await refusal(await registry.token('eve'), 'stable')).toEqual([403, 'scope_not_owned', 'not_owner'])
    expect((await move(ana, 'stable')).status).toBe(201)
    expect(await channels()).toEqual({ next: '2.0.0-rc.1', stable: '2.0.0-rc.1' })
    expect(await refusal(ana, 'stable')).toEqual([409, 'channel_not_possible', 'in_channel'])
    expect((await move(ana, 'next')).status).toBe(201)
    expect(await refusal(ana, 'other')).toEqual([400, 'invalid_request', 'no_channel'])
  })
})

describe('grants', () => {
  const give = (token: string, body: Json) => registry.send('POST', `${own}/grants`, { token, body })

  it('let a publisher be mandatory', async () => {
    const mandatory = { criticality: 'mandatory' }
    const refused = await publish('must', '1.0.0', mandatory)
    expect((refused.body['errors'] as Json[]).map(({ code }) => code)).toEqual(['mandatory-not-granted'])
    expect((await give(br2, { kind: 'mandatory', publisher: 'ana' })).status).toBe(403)
    expect((await give(admin, { kind: 'mandatory', publisher: 'ana' })).status).toBe(201)
    expect((await publish('must', '1.0.0', mandatory)).status).toBe(201)
    const taken = await registry.send('DELETE', `${own}/grants`, {
      token: admin,
      body: { kind: 'mandatory', publisher: 'ana' },
    })
    expect(taken.status).toBe(204)
    expect((await publish('must', '1.0.1', mandatory)).status).toBe(422)
  })

  it('let an account use a reserved name', async () => {
    expect((await registry.publish(ana, { name: 'shell' })).status).toBe(422)
    expect((await give(admin, { kind: 'reserved', publisher: 'ana' })).status).toBe(400)
    expect((await give(admin, { kind: 'reserved', publisher: 'ana', name: 'shell' })).status).toBe(201)
    expect((await registry.publish(ana, { name: 'shell' })).status).toBe(201)
  })
})
