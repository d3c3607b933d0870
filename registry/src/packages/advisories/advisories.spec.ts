import { gzipSync } from 'node:zlib'
import type { Json } from '@dcesop/sdk-plugin/host'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

let registry: TestRegistry
let admin: string
beforeAll(async () => {
  registry = await startTestRegistry()
  admin = await registry.token('registry-admin.br', 'demo registry-admin.br only')
})
afterAll(() => registry.stop())

const record = {
  id: 'GHSA-0000-test',
  summary: 'Reads too much',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'left' },
      ranges: [
        {
          type: 'SEMVER',
          events: [{ introduced: '0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }, { last_affected: '2.1.0' }],
        },
      ],
    },
    { package: { ecosystem: 'PyPI', name: 'other' }, versions: ['1.0'] },
  ],
  database_specific: { severity: 'HIGH', cwe_ids: ['CWE-1321'] },
  references: [{ type: 'WEB', url: 'https://example.com/advisory' }],
}
const other = [{ package: { ecosystem: 'npm', name: 'other' }, versions: ['1.0.0'] }]
const load = (records: unknown[], token = admin) =>
  registry.send('POST', '/-/dcesop/v1/advisories', { token, body: { records } })
const bulk = async (body: Json) => (await registry.send('POST', '/-/npm/v1/security/advisories/bulk', { body })).body

describe('advisories', () => {
  it('are imported from OSV records by administrators only, each replacing its former self', async () => {
    const ana = await registry.token('ana')
    expect((await load([record], ana)).status).toBe(403)
    expect((await load([record])).body).toEqual({ imported: 1 })
    expect((await load([{ ...record, withdrawn: '2026-01-01' }])).body).toEqual({ imported: 1 })
    expect(await bulk({ left: ['1.0.0'] })).toEqual({})
    await load([record])
  })

  it.each([
    { affected: 'no' },
    { affected: [1] },
    { affected: [{ ...other[0], versions: '1.0.0' }] },
    { affected: [{ ...other[0], versions: [1] }] },
    { affected: [{ ...other[0], ranges: {} }] },
    { references: 'https://example.com' },
  ])('are not imported in part: %j', async (change) => {
    const { status, body } = await load([{ ...record, id: 'GHSA-2222-test', ...change }])
    expect([status, body['code']]).toEqual([400, 'invalid_request'])
    const { body: listed } = await registry.send('GET', '/-/dcesop/v1/advisories?limit=1000')
    expect(JSON.stringify(listed)).not.toContain('GHSA-2222-test')
  })

  it('are listed for everybody, page by page, with the digest that the snapshot has', async () => {
    const more = {
      ...record,
      id: 'GHSA-1111-test',
      affected: [{ package: { ecosystem: 'npm', name: 'zebra' }, versions: ['1.0.0'] }],
    }
    await load([record, more])
    const { body } = await registry.send('GET', '/-/dcesop/v1/advisories?limit=1')
    expect(body).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      advisories: [{ id: 'GHSA-0000-test left', package: 'left', severity: 'high' }],
      next: 'GHSA-0000-test left',
    })
    const after = encodeURIComponent(body['next'] as string)
    const rest = await registry.send('GET', `/-/dcesop/v1/advisories?limit=5&after=${after}`)
    expect(rest.body).toMatchObject({ advisories: [{ package: 'zebra' }], next: null })
    const signed = (await registry.send('GET', '/-/dcesop/v1/snapshot')).body
    const snapshot = JSON.parse(Buffer.from(signed['payload'] as string, 'base64').toString()) as Json
    expect(snapshot['advisories']).toBe(body['sha256'])
  })

  it('refuses a whole import for one bad record', async () => {
    const broken = {
      ...record,
      id: 'X',
      affected: [{ package: { ecosystem: 'npm', name: 'y' }, versions: ['not a version'] }],
    }
    expect((await load([{ ...record, id: 'Y' }, broken])).status).toBe(400)
    expect(Object.values(await bulk({ left: ['1.0.0'] })).flat()).toHaveLength(1)
  })

  it.each([
    ['package', { affected: [{ package: { ecosystem: 'npm', name: { toString: 1 } }, versions: ['1.0.0'] }] }, 400],
    [
      'end of a range',
      {
        affected: [
          {
            package: { ecosystem: 'npm', name: 'y' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { last_affected: { toString: 1 } }] }],
          },
        ],
      },
      400,
    ],
    ['id', { id: '\ud800', references: [], affected: other }, 400],
    ['summary', { id: 'Z', summary: { toString: 1 }, affected: other }, 200],
    ['severity', { id: 'Z', database_specific: { severity: { toString: 1 } }, affected: other }, 200],
    ['reference', { id: 'Z', references: [{ url: { toString: 1 } }], affected: other }, 200],
  ])('reads a record whose %s is no text', async (_what, change, status) => {
    expect((await load([{ ...record, ...change }])).status).toBe(status)
  })

  it.each([
    ['1.1.9', true],
    ['1.2.0-rc.1', true],
    ['1.2.0', false],
    ['2.1.0', true],
    ['2.1.1', false],
  ])('know whether %s is affected', async (version, affected) => {
    const answer = await bulk({ left: [version], right: ['1.0.0'] })
    const entry = { severity: 'high', title: 'Reads too much', url: 'https://example.com/advisory', cwe: ['CWE-1321'] }
    expect(answer).toEqual(affected ? { left: [expect.objectContaining(entry)] } : {})
  })

  it('answers the compressed questions of npm, and refuses a bomb', async () => {
    const ask = (body: Buffer) =>
      fetch(`${registry.url}/-/npm/v1/security/advisories/bulk`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: new Uint8Array(body),
      })
    expect(await (await ask(gzipSync('{"left":["1.0.0"]}'))).json()).toHaveProperty('left')
    expect((await ask(gzipSync(Buffer.alloc(20 * 1024 * 1024, 32)))).status).toBe(413)
  })

  it('answers the audit documents of older clients with paths', async () => {
    const tree = {
      name: 'app',
      dependencies: { mid: { version: '1.0.0', dependencies: { left: { version: '1.0.0' } } } },
    }
    const { body } = await registry.send('POST', '/-/npm/v1/security/audits/quick', { body: tree })
    expect(body).toMatchObject({ metadata: { vulnerabilities: { high: 1 }, dependencies: 2 } })
    const [advisory] = Object.values(body['advisories'] as Json)
    expect(advisory).toMatchObject({ module_name: 'left', findings: [{ version: '1.0.0', paths: ['mid>left'] }] })
  })
})
