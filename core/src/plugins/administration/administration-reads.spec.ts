import { fileListPath } from '@dcesop/sdk-plugin/package'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let host: Harness
let dataDir: string

beforeAll(async () => {
  data = await startData()
  dataDir = await mkdtemp(join(tmpdir(), 'administration-reads-'))
  host = await Harness.start(data.data, { dataDir })
  const body = await packFixture({ id: 'notes' })
  await host.call('POST', '/api/admin/packages', {
    as: 'admin',
    raw: body,
    headers: { 'content-type': 'application/gzip' },
  })
})

afterAll(async () => {
  await host?.stop()
  await data?.stop()
  await rm(dataDir, { recursive: true })
})

const read = (path: string, as = 'admin') => host.call('GET', path, { as })

it('shows the manifest of a version in the store, and that there is no other', async () => {
  expect(await read('/api/admin/plugins/notes/versions/1.0.0')).toMatchObject({
    status: 200,
    json: { manifest: { id: 'notes', version: '1.0.0' }, source: 'upload', evidence: null },
  })
  expect(await read('/api/admin/plugins/notes/versions/9.0.0')).toMatchObject({
    status: 404,
    json: { code: 'package_not_found' },
  })
})

it('tells what a package brings and how large it is, of what is installed, too', async () => {
  const about = { source: 'upload', evidence: null, kinds: ['backend'], bytes: expect.any(Number) as number }
  const list = await read('/api/admin/plugins')
  expect(list.json['packages']).toMatchObject([{ id: 'notes', ...about }])
  const [{ bytes }] = list.json['packages'] as [{ bytes: number }]
  expect(bytes).toBeGreaterThan(0)
  await host.install(await packFixture({ id: 'memo' }))
  expect((await read('/api/admin/plugins')).json['plugins']).toMatchObject([{ id: 'memo', package: about }])
})

it('tells how requests to a plugin went lately, in the list, too', async () => {
  const start =
    "context.route({ method: 'GET', path: '/odd/{n}', summary: 'x', handler: ({ params }) => { if (params.n === '1') throw new Error('odd'); return {} } })"
  await host.install(await packFixture({ id: 'odd', routes: [route('GET', '/odd/{n}')], start }))
  for (const n of [1, 2, 3, 4]) await host.call('GET', `/api/plugins/odd/odd/${n}`)
  const health = { minutes: 5, requests: 4, errorRatio: 0.25, p95Ms: expect.any(Number) as number }
  expect((await read('/api/admin/plugins/odd')).json['health']).toEqual(health)
  expect((await read('/api/admin/plugins')).json['plugins']).toContainEqual(
    expect.objectContaining({ id: 'odd', health }),
  )
})

it('tells the others when the files of a package are damaged', async () => {
  const put = await host.upload(await packFixture({ id: 'torn' }))
  const list = join(dataDir, 'plugins/store', String(put.json['sha512']), fileListPath)
  await chmod(list, 0o600)
  await writeFile(list, '{')
  const { status, json } = await read('/api/admin/plugins')
  expect(status).toBe(200)
  expect(json['packages']).toContainEqual(expect.objectContaining({ id: 'torn', bytes: null }))
})

it('tells that a plugin which does not run is used by nobody', async () => {
  expect((await read('/api/admin/plugins/notes/usage')).json).toEqual({ running: false })
})

it('says plainly where no registry is configured', async () => {
  const none = { configured: false, channel: null, channels: [], releases: [] }
  expect((await read('/api/admin/registry/releases')).json).toEqual(none)
  expect((await read('/api/admin/registry/advisories')).json).toEqual({ advisories: [] })
  expect(await read('/api/admin/registry/plugins/notes/versions/1.0.0')).toMatchObject({
    status: 409,
    json: { code: 'registry_missing' },
  })
})

it('is for administrators', async () => {
  for (const path of [
    'plugins/notes/versions/1.0.0',
    'plugins/notes/usage',
    'registry/releases',
    'registry/advisories',
  ])
    expect((await read(`/api/admin/${path}`, 'agent')).status).toBe(403)
})

it('takes decisions of a region from people of that region only, and keeps the refusal on record', async () => {
  const body = { region: 'mx', decision: 'approve', token: 'npm_0123456789' }
  const path = '/api/admin/registry/plugins/notes/versions/1.0.0/decisions'
  expect((await host.call('POST', path, { as: 'admin@br', body })).status).toBe(403)
  const record = host.audit.records.find(({ action }) => action === 'plugin.decision')
  expect(record).toMatchObject({ outcome: 'denied', region: 'mx', resource: 'notes' })
  expect(JSON.stringify(record)).not.toContain('npm_0123456789')
})
