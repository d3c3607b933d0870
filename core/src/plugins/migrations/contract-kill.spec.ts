import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { startData } from '../testing/harness.ts'
import { type HostProcess, startHostProcess } from '../testing/host-process.ts'

const [rows, first] = [30, 10]
const regions = ['br', 'mx']

/** Takes `first` away row by row, and waits after some until it may go on. */
const slow = `exports.expand = () => undefined
exports.contract = async (db) => {
  const people = db.collection('demo_people')
  for await (const { _id } of people.find({ first: { $exists: true } })) {
    if ((await people.countDocuments({ taken: 1 })) >= ${first})
      while (!(await people.findOne({ _id: 'go' }))) await new Promise((go) => setTimeout(go, 20))
    await people.updateOne({ _id }, { $unset: { first: '' }, $inc: { taken: 1 } })
  }
}`

function pack(version: string, isolation: 'inline' | 'process', migration?: string) {
  const routes = [route('GET', '/version')]
  return packFixture({
    version,
    routes,
    manifest: {
      backend: { entry: 'dist/server.cjs', isolation, routes },
      data: { collections: ['demo_*'], schemaVersion: 1, migrations: 'migrations' },
    },
    ...(migration && { files: { 'migrations/0001-take-first-away.cjs': migration } }),
    start: `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })
}

it.each(['inline', 'process'] as const)(
  'a contract of a migration (%s) that a kill -9 cuts off runs again to its end, and bars who needs what it takes away from then on',
  async (isolation) => {
    const data = await startData()
    const dataDir = await mkdtemp(join(tmpdir(), 'contract-kill-'))
    const settings = { dataDir, rollbackWindowsMs: 50, leaseMs: 2_000 }
    const people = (region: string) =>
      data.data.region(region).collection<{ _id: string; first?: string }>('demo_people')
    const left = (region: string) => people(region).countDocuments({ first: { $exists: true } })
    let host: HostProcess = await startHostProcess(data, settings)
    const change = (verb: string, version: string) =>
      host.request('POST', `/api/admin/plugins/demo/${verb}`, 'admin', { version })
    const view = async () => (await host.request('GET', '/api/admin/plugins/demo', 'admin')).json
    const until = async (found: () => Promise<boolean>) => {
      while (!(await found())) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    try {
      for (const tarball of [await pack('1.0.0', isolation), await pack('1.1.0', isolation, slow)])
        expect((await host.request('POST', '/api/admin/packages', 'admin', tarball)).status).toBe(201)
      expect((await change('install', '1.0.0')).status).toBe(200)
      for (const region of regions)
        await people(region).insertMany(Array.from({ length: rows }, (_, n) => ({ _id: `p${n}`, first: 'x' })))
      expect((await change('upgrade', '1.1.0')).status).toBe(200)
      // The window is over.
      await data.data.core.collection('plugin_desired').updateOne({}, { $set: { rollbackUntil: new Date(0) } })
      await until(async () => (await left('br')) === rows - first)
      await host.kill()
      expect(await left('mx')).toBe(rows)

      host = await startHostProcess(data, settings)
      expect(await view()).toMatchObject({ version: '1.1.0', state: 'ACTIVE' })
      for (const region of regions) await people(region).insertOne({ _id: 'go' })
      // What has begun to go does not come back, however far it is.
      const back = await change('upgrade', '1.0.0')
      expect(String(back.json['detail'])).toMatch(/has removed what versions before it read|is being changed|busy/)
      expect(back.status).toBeGreaterThanOrEqual(409)
      await until(async () =>
        ((await view())['migrations'] as { state: string }[]).every(({ state }) => state === 'contracted'),
      )
      for (const region of regions) {
        expect(await left(region)).toBe(0)
        expect(await people(region).countDocuments({ taken: 1 })).toBe(rows)
      }
      expect(await view()).toMatchObject({ version: '1.1.0', state: 'ACTIVE' })
    } finally {
      await host.kill()
      await data.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
  180_000,
)
