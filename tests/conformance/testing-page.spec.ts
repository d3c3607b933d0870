import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DatabaseProcess, startDatabase } from '../support/database-process.ts'
import { openPartner, type Partner } from '../support/partner-folder.ts'

jest.setTimeout(180_000)

const tsc = path.resolve(import.meta.dirname, '../../node_modules/@typescript/native/bin/tsc')

let partner: Partner
let database: DatabaseProcess | undefined
let data = ''
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'testing-page-'))
  ;[partner, database] = await Promise.all([openPartner(), startDatabase({ dir: data, durability: 'none' })])
})
afterAll(async () => {
  await database?.end('SIGTERM')
  await partner?.dispose()
  await rm(data, { recursive: true, force: true })
})

it('what the page about specs says works for a partner as it stands there', async () => {
  await partner.sh('dcesop new desk --template backend --publisher acme')
  const desk = path.join(partner.dir, 'desk')
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/testing.md'), 'utf8')
  const files = [...page.matchAll(/^```ts file=(\S+)\n([^]*?)^```$/gm)]
  expect(files.map(([, file]) => file)).toEqual(['server/main.ts', 'server/main.spec.ts'])
  for (const [, file = '', text = ''] of files) await writeFile(path.join(desk, file), text)
  await rm(path.join(desk, 'server/estimate.ts'))

  const manifest = JSON.parse(await readFile(path.join(desk, 'dcesop.plugin.json'), 'utf8')) as object
  const { provides: _estimates, ...kept } = manifest as Record<string, unknown>
  const route = { method: 'POST', path: '/notes/{region}', permission: 'desk:use', timeoutMs: 5000 }
  const declared = {
    ...kept,
    backend: {
      entry: 'dist/server.cjs',
      isolation: 'process',
      routes: [route],
      jobs: [{ name: 'tidy', everyMs: 60_000 }],
    },
    data: { collections: ['desk_notes'], schemaVersion: 1 },
    config: { schema: { type: 'object', additionalProperties: false, properties: { baseUrl: { type: 'string' } } } },
  }
  await writeFile(path.join(desk, 'dcesop.plugin.json'), JSON.stringify(declared, null, 2))

  const told = await partner.sh('cd desk && npm test', { MONGODB_URI: database?.uri })
  expect(told).toMatchObject({ status: 0, out: expect.stringMatching(/pass [5-9]\n[^]*fail 0/) })
  expect(await partner.sh('cd desk && dcesop check')).toMatchObject({ status: 0 })
  // What the script `check` has for the types of components takes six times as long, and there are none.
  expect(await partner.sh(`cd desk && node ${tsc}`)).toEqual({ status: 0, out: '' })
})
