import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DesiredStates } from './journal/desired.ts'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { startData } from './testing/harness.ts'
import { type HostProcess, startHostProcess } from './testing/host-process.ts'

let data: Awaited<ReturnType<typeof startData>>
let folder: string
const hosts: HostProcess[] = []
/** For all cases of a group: each leaves what it changed as it was. */
function onDataOfItsOwn(): void {
  beforeAll(async () => {
    data = await startData()
    folder = await mkdtemp(join(tmpdir(), 'cascade-'))
  }, 120_000)
  afterAll(async () => {
    for (const host of hosts.splice(0)) await host.kill()
    await data.stop()
    await rm(folder, { recursive: true, force: true })
  })
}

/** inner <- middle <- outer; the host that the file names ends when the plugin that it names starts or stops. */
const needs: Readonly<Record<string, string | undefined>> = { inner: undefined, middle: 'inner', outer: 'middle' }
const ids = Object.keys(needs)

const armed = () => join(folder, 'armed')
const arm = (host: HostProcess, when: string) => writeFile(armed(), `${host.process.pid} ${when}`)

function pack(id: string): Promise<Buffer> {
  const need = needs[id]
  return packFixture({
    id,
    routes: [route('GET', '/chain')],
    manifest: {
      provides: { [`${id}.self`]: '1.0.0' },
      consumes: need ? [{ capability: `${need}.self`, range: '^1' }] : [],
    },
    start: `const { existsSync, readFileSync } = require('node:fs')
      const file = ${JSON.stringify(armed())}
      const endAt = (when) => {
        if (existsSync(file) && readFileSync(file, 'utf8') === process.pid + ' ' + when) process.kill(process.pid, 'SIGKILL')
      }
      endAt(context.id + ' starts')
      context.onStop({ dispose: () => endAt(context.id + ' stops') })
      const need = ${need ? `context.capabilities.consume('${need}.self')` : 'undefined'}
      const chain = async () => [context.id, ...(need ? await need.chain() : [])]
      context.capabilities.provide(context.id + '.self', { chain })
      context.route({ method: 'GET', path: '/chain', summary: 'x', handler: async () => ({ chain: await chain() }) })`,
  })
}

async function start(name = 'one'): Promise<HostProcess> {
  const dataDir = join(folder, name)
  const host = await startHostProcess(data, { dataDir, firstInstall: [], leaseMs: 2000, hostSilenceMs: 2000 })
  hosts.push(host)
  return host
}

async function withPlugins(): Promise<HostProcess> {
  const host = await start()
  for (const id of ids) {
    expect((await host.request('POST', '/api/admin/packages', 'admin', await pack(id))).status).toBe(201)
    expect((await change(host, id, 'install')).status).toBe(200)
  }
  return host
}

const change = (host: HostProcess, id: string, verb: string, body: object = {}) =>
  host.request('POST', `/api/admin/plugins/${id}/${verb}`, 'admin', body)

/** Asks for a change in the middle of which the host ends. */
async function interrupt(host: HostProcess, verb: string, when: string): Promise<void> {
  await arm(host, when)
  await expect(change(host, 'inner', verb, { cascade: true })).rejects.toThrow()
  expect(await host.ended).toBe('SIGKILL')
  await rm(armed())
}

const statuses = (host: HostProcess) =>
  Promise.all(ids.map(async (id) => (await host.request('GET', `/api/plugins/${id}/chain`)).status))

/** Waits until the whole of it is so: served or not, wanted, and in the journal. */
async function until(host: HostProcess, verb: 'enable' | 'disable'): Promise<void> {
  const [status, state] = verb === 'enable' ? [200, 'ACTIVE'] : [503, 'STOPPED']
  const look = async () => {
    const wanted = await new DesiredStates(data.data.core).all()
    const rows = data.data.core.collection<{ plugin: string; sequence: number; to: string }>('plugin_journal')
    const last = await Promise.all(ids.map((plugin) => rows.findOne({ plugin }, { sort: { sequence: -1 } })))
    return {
      statuses: await statuses(host),
      wanted: wanted.map(({ enabled, together }) => ({ enabled, isOpen: together !== undefined })),
      journal: last.map((row) => row?.to),
    }
  }
  const whole = {
    statuses: ids.map(() => status),
    wanted: ids.map(() => ({ enabled: verb === 'enable', isOpen: false })),
    journal: ids.map(() => state),
  }
  let seen = await look()
  for (let tries = 0; tries < 300 && JSON.stringify(seen) !== JSON.stringify(whole); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    seen = await look()
  }
  expect(seen).toEqual(whole)
}

describe('a host that ends in the middle of a change of several plugins', () => {
  onDataOfItsOwn()
  let host: HostProcess
  beforeAll(async () => {
    host = await withPlugins()
  }, 120_000)

  it.each(['middle', 'outer'])(
    'while it enables them, at %s, has all of them enabled after its next start',
    async (id) => {
      expect((await change(host, 'inner', 'disable', { cascade: true })).status).toBe(200)
      await interrupt(host, 'enable', `${id} starts`)
      host = await start()
      await until(host, 'enable')
    },
    120_000,
  )

  it.each(['middle', 'inner'])(
    'while it disables them, at %s, has all of them disabled after its next start',
    async (id) => {
      await interrupt(host, 'disable', `${id} stops`)
      host = await start()
      await until(host, 'disable')
      expect((await host.request('GET', '/api/admin/plugins/outer', 'admin')).json).toMatchObject({
        reason: 'disabled with inner',
      })
      expect((await change(host, 'inner', 'enable', { cascade: true })).status).toBe(200)
      await until(host, 'enable')
    },
    120_000,
  )
})

describe('a host that ends in the middle of a change of several plugins beside others', () => {
  onDataOfItsOwn()

  it('leaves it to them, who finish it', async () => {
    const host = await withPlugins()
    const [two, three] = [await start('two'), await start('three')]
    await until(two, 'enable')
    await interrupt(host, 'disable', 'inner stops')
    await until(two, 'disable')
    await until(three, 'disable')
    await interrupt(two, 'enable', 'outer starts')
    await until(three, 'enable')
  }, 180_000)
})
