import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { dataForEach } from '../testing/host-for-each.ts'
import { type HostProcess, hostThatEnds, startHostProcess } from '../testing/host-process.ts'

let host: HostProcess | undefined

const given = dataForEach(async () => {
  await host?.kill()
  host = undefined
})
const packages = () => join(given.dataDir, 'packages')

beforeEach(() => mkdir(packages()))

/** Takes the process with it soon after its start, once the file is there. */
const bomb = () =>
  `setInterval(() => { if (require('node:fs').existsSync(${JSON.stringify(join(given.dataDir, 'armed'))})) process.kill(process.pid, 'SIGKILL') }, 100);`
const arm = () => writeFile(join(given.dataDir, 'armed'), '')

async function bundle(id: string, version: string, start = '', criticality: 'mandatory' | 'degradable' = 'degradable') {
  const tarball = await packFixture({
    id,
    version,
    manifest: { criticality },
    routes: [route('GET', '/version')],
    start: `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) });${start}`,
  })
  await writeFile(join(packages(), `${id}-${version}.tgz`), tarball)
}

/** How long each is watched. Not how long a case has for what it looks at meanwhile: that is held up, or told by the record. */
const watchMs = 300
const settings = (settleMs: number) => ({
  dataDir: given.dataDir,
  packagesDir: packages(),
  firstInstall: 'all' as const,
  safeMode: { watchMs, settleMs },
})
/** As a supervisor starts it again after each end. */
async function boot(settleMs = 3_600_000): Promise<HostProcess> {
  host = await startHostProcess(given, settings(settleMs))
  return host
}

const recordFile = () => join(given.dataDir, 'plugins/boot-record.json')
const record = () => readFile(recordFile(), 'utf8')
async function untilRecorded(text: string): Promise<void> {
  while (!(await record()).includes(text)) await new Promise((resolve) => setTimeout(resolve, 100))
}

/** A run that ends as the plugin wants it. */
async function crash(): Promise<void> {
  expect(await hostThatEnds(given, settings(3_600_000))).toBe('SIGKILL')
}

/** As if it had gone down that often before, so soon. */
async function writeCrashes(count: number): Promise<void> {
  const before = JSON.parse(await record()) as object
  const crashes = Array.from({ length: count }, () => new Date().toISOString())
  await writeFile(recordFile(), JSON.stringify({ ...before, crashes }))
}

const version = async (id: string) => {
  const { status, json } = await (host as HostProcess).request('GET', `/api/plugins/${id}/version`)
  return status === 200 ? json['version'] : status
}

const view = async (id: string) =>
  (await (host as HostProcess).request('GET', `/api/admin/plugins/${id}`, 'admin')).json
const mode = async () =>
  (await (host as HostProcess).request('GET', '/api/admin/plugins', 'admin')).json['safeMode'] as object | null

async function untilNormal(): Promise<void> {
  while ((await mode()) !== null) await new Promise((resolve) => setTimeout(resolve, 100))
  // A host that is killed before it is on disk does not know it the next time.
  await untilRecorded('"mode": "normal"')
}

describe('a plugin that takes the whole process with it', () => {
  it('is found among the others after three crashes, and put into quarantine; the rest serves', async () => {
    await bundle('anchor', '1.0.0', '', 'mandatory')
    await bundle('bomb', '1.0.0', bomb())
    await arm()
    const hold = join(given.dataDir, 'hold')
    await bundle(
      'calm',
      '1.0.0',
      `while (require('node:fs').existsSync(${JSON.stringify(hold)})) await new Promise((resolve) => setTimeout(resolve, 50));`,
    )
    await crash()
    await writeCrashes(2)
    // In safe mode, while it is added; then after the others.
    for (let run = 2; run <= 3; run += 1) await crash()
    await writeFile(hold, '')
    await boot()
    // What it cannot do without serves while the others are added.
    expect(await version('anchor')).toBe('1.0.0')
    expect(await mode()).toEqual({ mode: 'safe', waiting: ['calm'] })
    expect(await view('bomb')).toMatchObject({
      state: 'QUARANTINED',
      reason: expect.stringContaining('The host went down while this version was added') as string,
    })
    await rm(hold)
    await untilNormal()
    expect([await version('anchor'), await version('bomb'), await version('calm')]).toEqual(['1.0.0', 503, '1.0.0'])
    // A later start leaves it where it is.
    await host?.kill()
    await boot()
    expect(await mode()).toBeNull()
    expect([await version('anchor'), await version('bomb'), await version('calm')]).toEqual(['1.0.0', 503, '1.0.0'])
  }, 300_000)

  it('gives way to the version that is known as good', async () => {
    await bundle('demo', '1.0.0')
    const afterOne = { ...settings(3_600_000), safeMode: { crashes: 1, watchMs, settleMs: 3_600_000 } }
    await boot(300)
    await untilRecorded('"version": "1.0.0"')
    // So that its end is not the first crash.
    await untilRecorded('"outlived": true')
    const next = await packFixture({
      id: 'demo',
      version: '1.1.0',
      routes: [route('GET', '/version')],
      start: `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) });${bomb()}`,
    })
    await host?.kill()
    host = await startHostProcess(given, afterOne)
    await host.request('POST', '/api/admin/packages', 'admin', next)
    const upgraded = await host.request('POST', '/api/admin/plugins/demo/upgrade', 'admin', { version: '1.1.0' })
    expect(upgraded).toMatchObject({ status: 200 })
    await arm()
    expect(await host.ended).toBe('SIGKILL')
    // In safe mode, which begins with 1.0.0 and adds 1.1.0, twice.
    for (let run = 2; run <= 3; run += 1) expect(await hostThatEnds(given, afterOne)).toBe('SIGKILL')
    host = await startHostProcess(given, afterOne)
    expect(await view('demo')).toMatchObject({ version: '1.0.0', state: 'ACTIVE', desired: { version: '1.0.0' } })
    await untilNormal()
    expect(await version('demo')).toBe('1.0.0')
  }, 300_000)
})

describe('a host that is killed from outside', () => {
  const states = async (...ids: string[]) => Promise.all(ids.map(async (id) => (await view(id))['state']))
  const rows = async (id: string) =>
    JSON.stringify((await (host as HostProcess).request('GET', `/api/admin/plugins/${id}/journal`, 'admin')).json)

  /** In safe mode when the run before counts as a crash. Watches for longer: what is killed at once must not be adding yet. */
  const bootAfterOne = async () => {
    host = await startHostProcess(given, { ...settings(3_600_000), safeMode: { crashes: 1, watchMs: 1500 } })
  }

  it('blames no plugin, whenever after its starts that is, and goes on as before once they have served for a while', async () => {
    for (const id of ['calm', 'still']) await bundle(id, '1.0.0')
    await bundle('anchor', '1.0.0', '', 'mandatory')
    // Which leads into safe mode; while plugins are added; while what it begins with is watched; and while nothing runs.
    for (const moment of ['at once', 'while one is added', 'at once', 'at once']) {
      await bootAfterOne()
      if (moment === 'while one is added') await untilRecorded('"suspect"')
      await host?.kill()
    }
    await bootAfterOne()
    await untilNormal()
    expect(await states('anchor', 'calm', 'still')).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE'])
    expect((await rows('calm')) + (await rows('still'))).not.toContain('QUARANTINED')
    await untilRecorded('"outlived": true')
    await host?.kill()
    await bootAfterOne()
    expect(await mode()).toBeNull()
    expect(await states('anchor', 'calm', 'still')).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE'])
  }, 300_000)
})

describe('a plugin that ends the process after a while', () => {
  const ways = {
    'by an exit': 'process.exit(3)',
    'by an abort': 'process.abort()',
    'by a signal to itself': "process.kill(process.pid, 'SIGKILL')",
    'by its memory': 'const all = []; for (;;) all.push(new Array(1e5).fill(`${Math.random()}`))',
  }

  it('is told from somebody outside, whatever its way: each end counts', async () => {
    const way = join(given.dataDir, 'way.js')
    // Once its start is long enough ago for an end from outside not to count.
    await bundle(
      'quitter',
      '1.0.0',
      `const { readFileSync } = require('node:fs')
      const timer = setInterval(() => {
        if (!readFileSync(${JSON.stringify(recordFile())}, 'utf8').includes('"outlived": true')) return
        clearInterval(timer)
        eval(readFileSync(${JSON.stringify(way)}, 'utf8'))
      }, 50)`,
    )
    const crashes = async () => (JSON.parse(await record()) as { crashes: string[] }).crashes.length
    const boots = () => startHostProcess(given, { ...settings(3_600_000), safeMode: { crashes: 5, watchMs } })
    let counted = 0
    for (const [how, code] of Object.entries(ways)) {
      await writeFile(way, code)
      host = await boots()
      expect({ how, before: await crashes() }).toEqual({ how, before: counted })
      await host.ended
      counted += 1
    }
    await writeFile(way, '')
    host = await boots()
    expect(await crashes()).toBe(counted)
  }, 300_000)
})
