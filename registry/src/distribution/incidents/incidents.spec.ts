import { createHash, randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import type { Json } from '@dcesop/sdk-plugin/host'
import { Database } from '../../storage/database.ts'
import { pluginTarball } from '../../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'
import { Incidents } from './incidents.ts'

const own = '/-/dcesop/v1'
const described = { regions: ['br'], dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0' }
const minute = 60_000
const day = 24 * 60 * minute
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
let registry: TestRegistry
let ana: string
let admin: string
let sha512: string
let host: string
beforeAll(async () => {
  registry = await startTestRegistry({ http: { limits: { reportsPerHourPerInstance: 40 } } })
  ana = await registry.token('ana')
  admin = await registry.token('registry-admin.br', 'demo registry-admin.br only')
  const tarball = await pluginTarball('@ana/dcesop-radio')
  sha512 = createHash('sha512').update(tarball).digest('hex')
  await registry.publish(ana, { name: '@ana/dcesop-radio', tarball })
  host = await tokenOf('br-1')
})
afterAll(() => registry.stop())

async function tokenOf(instance: string): Promise<string> {
  await registry.send('PUT', `${own}/instances/${instance}`, { token: admin, body: described })
  const { body } = await registry.send('POST', `${own}/instances/${instance}/report-token`, { token: admin })
  return body['token'] as string
}
const incident = (change: Json = {}) => ({
  id: randomUUID(),
  plugin: 'radio',
  version: '1.0.0',
  sha512,
  kind: 'process_ended',
  at: ago(minute),
  ...change,
})
const report = (body: unknown, token: string | undefined = host) =>
  registry.send('POST', `${own}/incidents`, { ...(token === '' ? {} : { token }), body })
const read = (token = ana, query = '') => registry.send('GET', `${own}/plugins/radio/incidents${query}`, { token })
const codeOf = ({ status, body }: { status: number; body: Json }) => [status, body['code']]

describe('an incident', () => {
  it('is told to the publisher by version and kind, with a reference in place of the name of the instance', async () => {
    const twice = incident({ at: ago(2 * minute) })
    expect((await report(twice)).status).toBe(201)
    expect((await report({ ...twice, kind: 'killed' })).status).toBe(200)
    expect((await report(incident())).status).toBe(201)
    const other = await tokenOf('br-2')
    const killed = incident({ kind: 'killed', at: ago(3 * minute) })
    expect((await report(killed, other)).status).toBe(201)

    const { status, body } = await read()
    expect([status, body['package']]).toEqual([200, '@ana/dcesop-radio'])
    expect(body['counts']).toEqual([
      { version: '1.0.0', kind: 'process_ended', count: 2, last: expect.stringMatching(/Z$/) },
      { version: '1.0.0', kind: 'killed', count: 1, last: killed.at },
    ])
    const latest = body['latest'] as { instance: string; at: string }[]
    expect(latest.map(({ at }) => at).slice(1)).toEqual([twice.at, killed.at])
    expect(new Set(latest.map(({ instance }) => instance)).size).toBe(2)
    expect(JSON.stringify(body)).not.toMatch(/br-[12]/)
    expect((await read(ana, '?limit=1')).body['latest']).toHaveLength(1)
  })

  it('is read by its publisher and administrators alone', async () => {
    const eve = await registry.token('eve')
    expect((await read(admin)).status).toBe(200)
    expect(codeOf(await read(eve))).toEqual([403, 'scope_not_owned'])
    expect(codeOf(await read(host))).toEqual([401, 'not_signed_in'])
    expect(codeOf(await registry.send('GET', `${own}/plugins/nobody/incidents`, { token: ana }))).toEqual([
      404,
      'package_not_found',
    ])
  })

  it.each<[string, Json, number, string]>([
    ['of a plugin that is not here', { plugin: 'nobody' }, 404, 'package_not_found'],
    ['of a version that is not here', { version: '9.9.9' }, 404, 'package_not_found'],
    ['of other bytes', { sha512: 'a'.repeat(128) }, 409, 'bytes_differ'],
    ['of tomorrow', { at: ago(-day) }, 422, 'incident_out_of_time'],
    ['of last week', { at: ago(8 * day) }, 422, 'incident_out_of_time'],
    ['with a text', { reason: 'ana@example.com saw it' }, 400, 'invalid_request'],
    ['of another kind', { kind: 'Cannot read ana@example.com' }, 400, 'invalid_request'],
    ['of a package instead of a plugin', { plugin: '@ana/dcesop-radio' }, 400, 'invalid_request'],
    ['with operators instead of texts', { version: { $gt: '' } }, 400, 'invalid_request'],
    ['with an id that is none', { id: '../x' }, 400, 'invalid_request'],
    ['with a time that is none', { at: 'now' }, 400, 'invalid_request'],
    ['with the name of an instance', { instance: 'br-2' }, 400, 'invalid_request'],
  ])('%s is refused', async (_what, change, status, code) => {
    const before = (await read()).body
    expect(codeOf(await report(incident(change)))).toEqual([status, code])
    expect((await read()).body).toEqual(before)
  })

  it.each([
    ['a long body', `{"id":"${'x'.repeat(3000)}"}`, 413, 'payload_too_large'],
    ['a prototype', '{"__proto__":{"kind":"killed"}}', 400, 'forbidden_key'],
    ['half a document', '{"id":', 400, 'malformed_json'],
    ['a list', '[]', 400, 'invalid_request'],
  ])('is refused as %s', async (_what, body, status, code) => {
    expect(codeOf(await report(body))).toEqual([status, code])
  })

  it('is forgotten after 90 days', async () => {
    const client = await MongoClient.connect(registry.mongodbUri)
    const stored = client.db(registry.database).collection('incidents')
    const before = await stored.countDocuments()
    const { body } = await read()
    const [{ instance }] = body['latest'] as [{ instance: string }]
    await stored.updateOne({ reference: instance }, { $set: { receivedAt: new Date(Date.now() - 91 * day) } })
    const database = await Database.connect(registry.mongodbUri, registry.database)
    expect(await new Incidents(database).forgetOld()).toBe(1)
    expect(await stored.countDocuments()).toBe(before - 1)
    await Promise.all([database.close(), client.close()])
  })
})

describe('a report token', () => {
  it('is stored as a digest, replaced by the next one, revoked, and good for nothing else', async () => {
    const first = await tokenOf('br-3')
    const path = `${own}/instances/br-3/report-token`
    const { body } = await registry.send('POST', path, { token: admin })
    const second = body['token'] as string
    expect(codeOf(await report(incident(), first))).toEqual([401, 'report_token_invalid'])
    expect((await report(incident(), second)).status).toBe(201)
    const client = await MongoClient.connect(registry.mongodbUri)
    const documents = await client.db(registry.database).collection('report_tokens').find().toArray()
    expect(JSON.stringify(documents)).not.toContain(second)
    await client.close()
    expect(codeOf(await registry.send('GET', '/-/whoami', { token: second }))).toEqual([401, 'not_signed_in'])
    expect((await registry.send('DELETE', path, { token: admin })).status).toBe(204)
    for (const token of [second, ana, ''])
      expect(codeOf(await report(incident(), token))).toEqual([401, 'report_token_invalid'])
    const { body: log } = await registry.send('GET', `${own}/log/history?subject=instance:br-3`, { token: admin })
    expect((log['entries'] as Json[]).map(({ kind }) => kind).slice(0, 2)).toEqual([
      'instance.report_token_revoked',
      'instance.report_token_issued',
    ])
  })

  it('is made by administrators of the regions of an instance that is known', async () => {
    const make = (instance: string, token: string) =>
      registry.send('POST', `${own}/instances/${instance}/report-token`, { token })
    const mx = await registry.token('registry-admin.mx', 'demo registry-admin.mx only')
    expect(codeOf(await make('br-1', mx))).toEqual([403, 'forbidden'])
    expect(codeOf(await make('br-1', ana))).toEqual([403, 'forbidden'])
    expect(codeOf(await make('br-9', admin))).toEqual([404, 'not_found'])
  })

  it('reports a limited number in an hour', async () => {
    const [busy, calm] = [await tokenOf('br-4'), await tokenOf('br-5')]
    const body = incident()
    for (let sent = 0; sent < 40; sent += 1) await report(body, busy)
    const refused = await report(body, busy)
    expect(codeOf(refused)).toEqual([429, 'too_many_requests'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
    expect((await report(body, calm)).status).toBe(201)
  })
})
