import { readdir, chmod, writeFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fixture, packFixture, route } from './testing/fixture-plugin.ts'
import { Harness, startData } from './testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness
let dataDir: string

beforeEach(async () => {
  data = await startData()
  dataDir = await mkdtemp(join(tmpdir(), 'pluginhost-'))
  harness = await Harness.start(data.data, { dataDir })
})

afterEach(async () => {
  await harness.stop()
  await data.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const good: Fixture = {
  id: 'good',
  routes: [route('GET', '/')],
  start: `context.route({ method: 'GET', path: '/', summary: 'x', handler: () => ({ ok: true }) })`,
}

async function stateOf(id: string) {
  return (await harness.call('GET', `/api/admin/plugins/${id}`, { as: 'admin' })).json
}

describe('a plugin that cannot start', () => {
  it.each<[string, Fixture, string]>([
    ['throws', { start: `throw new Error('no licence file')` }, 'no licence file'],
    [
      'hangs',
      {
        start: 'return new Promise(() => {})',
        manifest: {
          backend: { entry: 'dist/server.cjs', isolation: 'inline', routes: [], health: { startupMs: 150 } },
        },
      },
      'within 150 ms',
    ],
    ['throws while its file is read', { files: { 'dist/server.cjs': 'null.x' } }, 'Cannot read properties of null'],
    ['exports no definition', { files: { 'dist/server.cjs': 'module.exports = {}' } }, 'definePlugin'],
    ['requires what the host does not lend', { start: `require('left-pad')` }, 'requires "left-pad"'],
    ['loads an ES module', { start: `await import('node:fs')` }, 'dynamic import'],
    [
      'registers an undeclared route',
      { start: `context.route({ method: 'GET', path: '/extra', summary: 'x', handler: () => null })` },
      'Registered but not declared: GET /extra',
    ],
    [
      'does not register a declared route',
      { routes: [route('GET', '/promised')] },
      'Declared but not registered: GET /promised',
    ],
    [
      'accepts unknown fields',
      {
        routes: [route('POST', '/open')],
        start: `context.route({ method: 'POST', path: '/open', summary: 'x', body: { type: 'object' }, handler: () => null })`,
      },
      'additionalProperties: false',
    ],
    [
      'uses a collection of another plugin',
      { start: `context.data.region('br').collection('customers_people')` },
      'asks for collection "customers_people"',
    ],
    [
      'publishes an undeclared realtime topic',
      { start: `context.realtime.publish('other.tile', { region: 'br', key: 'k', payload: 1 })` },
      'realtime topic "other.tile"',
    ],
    [
      'subscribes to an undeclared event',
      { start: `context.events.subscribe('other.thing/v1', async () => {})` },
      'topic "other.thing/v1"',
    ],
    ['registers an undeclared job', { start: `context.jobs.every('sweep', 1000, async () => {})` }, 'job "sweep"'],
    [
      'consumes an undeclared capability',
      { start: `context.capabilities.consume('customers.directory')` },
      'consumes "customers.directory"',
    ],
  ])('that %s is reported with its reason, and the others go on', async (_name, fixture, reason) => {
    await harness.install(await packFixture(good))
    const answer = await harness.install(await packFixture({ ...fixture, id: 'bad' }))
    expect(answer).toMatchObject({ status: 422, json: { code: 'plugin_start_failed', plugin: 'bad', state: 'FAILED' } })
    expect(answer.json['detail']).toContain(reason)
    expect(await stateOf('bad')).toMatchObject({ state: 'FAILED', reason: expect.stringContaining(reason) as string })
    expect(await harness.call('GET', '/api/plugins/bad/x')).toMatchObject({
      status: 503,
      json: { code: 'plugin_unavailable', state: 'FAILED' },
    })
    expect((await harness.call('GET', '/api/plugins/good')).status).toBe(200)
    const { detail, ready } = await harness.host.readiness.check()
    expect(ready).toBe(true)
    expect(detail).toMatchObject({
      plugins: [
        { id: 'good', state: 'ACTIVE' },
        { id: 'bad', state: 'FAILED' },
      ],
    })
  })

  it('takes back what a failed start had registered', async () => {
    const start = `context.onStop({ dispose: () => context.log.info({}, 'taken back') }); throw new Error('late')`
    await harness.install(await packFixture({ start }))
    expect(harness.log.lines.some(({ message }) => message === 'taken back')).toBe(true)
  })
})

describe('a package that was changed in the store', () => {
  async function changeFile(name: string, content: string) {
    const store = join(dataDir, 'plugins', 'store')
    const [digest] = await readdir(store)
    const file = join(store, digest as string, name)
    await chmod(file, 0o644)
    await writeFile(file, content)
  }

  it('is refused at the next start with the name of the file', async () => {
    await harness.install(await packFixture(good))
    await harness.change('disable', 'good')
    await changeFile('dist/server.cjs', 'module.exports = { start() { process.exit() } }')
    const answer = await harness.change('enable', 'good')
    expect(answer).toMatchObject({ status: 422, json: { code: 'plugin_rejected', state: 'REJECTED' } })
    expect(answer.json['detail']).toContain('"dist/server.cjs" is not the file that was listed')
  })

  it('is refused also when its own list was changed with it', async () => {
    await harness.install(await packFixture(good))
    await harness.change('disable', 'good')
    await changeFile('dcesop.files.json', '{}')
    expect((await harness.change('enable', 'good')).json['detail']).toContain(
      '"dcesop.files.json" is not the list that was installed',
    )
  })

  it('can be uploaded again', async () => {
    await harness.install(await packFixture(good))
    await harness.change('disable', 'good')
    await changeFile('dist/server.cjs', 'changed')
    await harness.upload(await packFixture(good))
    expect((await harness.change('enable', 'good')).status).toBe(200)
  })
})

describe('a plugin that misbehaves while it serves', () => {
  it('is given a pause after too many failures, is shown as degraded, and comes back', async () => {
    let now = new Date('2026-03-01T10:00:00Z')
    // Hosts of one database agree with each other, and these two have different times.
    const own = await startData()
    const timed = await Harness.start(own.data, { clock: { now: () => now } })
    const start = `let broken = true
      context.route({ method: 'GET', path: '/', summary: 'x', handler: () => { if (broken) throw new Error('broken'); return { ok: true } } })
      context.route({ method: 'POST', path: '/mend', summary: 'x', handler: () => { broken = false; return null } })`
    try {
      await timed.install(
        await packFixture({ id: 'shaky', routes: [route('GET', '/'), route('POST', '/mend')], start }),
      )
      const statuses = []
      await timed.call('POST', '/api/plugins/shaky/mend', { as: 'guest' })
      for (let i = 0; i < 21; i += 1) statuses.push((await timed.call('GET', '/api/plugins/shaky')).status)
      expect(statuses).toEqual([...Array<number>(20).fill(500), 503])
      const paused = await timed.call('GET', '/api/plugins/shaky')
      expect(paused).toMatchObject({
        status: 503,
        json: { code: 'plugin_unavailable' },
        headers: { 'retry-after': '10' },
      })
      await until(
        async () => (await timed.call('GET', '/api/admin/plugins/shaky', { as: 'admin' })).json['state'] === 'DEGRADED',
      )
      now = new Date(now.getTime() + 11_000)
      await timed.call('POST', '/api/plugins/shaky/mend')
      for (let i = 0; i < 5; i += 1) expect((await timed.call('GET', '/api/plugins/shaky')).status).toBe(200)
      await until(
        async () => (await timed.call('GET', '/api/admin/plugins/shaky', { as: 'admin' })).json['state'] === 'ACTIVE',
      )
    } finally {
      await timed.stop()
      await own.stop()
    }
  })

  it('is disabled although its job does not listen to its signal', async () => {
    const backend = {
      entry: 'dist/server.cjs',
      isolation: 'inline' as const,
      routes: [],
      jobs: [{ name: 'deaf', everyMs: 500 }],
    }
    const start = `context.jobs.every('deaf', 1, () => { context.log.info({}, 'deaf job runs'); return new Promise(() => {}) })`
    await harness.install(await packFixture({ manifest: { backend, lifecycle: { drainMs: 100 } }, start }))
    await until(() => Promise.resolve(harness.log.lines.some(({ message }) => message === 'deaf job runs')))
    expect(await harness.change('disable', 'demo')).toMatchObject({ status: 200, json: { state: 'STOPPED' } })
    expect(harness.log.lines).toContainEqual(
      expect.objectContaining({ message: 'a part of the plugin did not stop cleanly' }),
    )
    await harness.install(await packFixture(good))
    expect((await harness.call('GET', '/api/plugins/good')).status).toBe(200)
  })

  it('answers within its declared concurrency and refuses beyond the queue', async () => {
    const start = `let running = 0, most = 0, isOpen = false; const waiting = []
      context.capabilities.provide('demo.gate', { async open() { isOpen = true; for (const go of waiting) go() } })
      context.route({ method: 'GET', path: '/wait', summary: 'x', async handler() {
        running += 1; most = Math.max(most, running)
        if (!isOpen) await new Promise((resolve) => waiting.push(resolve))
        running -= 1
        return { most }
      } })`
    const manifest = {
      provides: { 'demo.gate': '1.0.0' },
      backend: {
        entry: 'dist/server.cjs',
        isolation: 'inline' as const,
        routes: [route('GET', '/wait')],
        resources: { concurrency: 2 },
      },
    }
    await harness.install(await packFixture({ manifest, start }))
    const opener: Fixture = {
      id: 'opener',
      routes: [route('POST', '/open')],
      manifest: { consumes: [{ capability: 'demo.gate', range: '^1' }] },
      start: `const gate = context.capabilities.consume('demo.gate'); context.route({ method: 'POST', path: '/open', summary: 'x', handler: async () => { await gate.open(); return null } })`,
    }
    await harness.install(await packFixture(opener))
    const calls = Array.from({ length: 14 }, () => harness.call('GET', '/api/plugins/demo/wait'))
    let refused = 0
    for (const call of calls) void call.then(({ json }) => (refused += json['code'] === 'plugin_busy' ? 1 : 0))
    await until(() => Promise.resolve(refused === 4))
    await harness.call('POST', '/api/plugins/opener/open')
    const served = (await Promise.all(calls)).filter(({ status }) => status === 200)
    expect(served).toHaveLength(10)
    expect(Math.max(...served.map(({ json }) => json['most'] as number))).toBe(2)
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('The condition did not come true within 10 s.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
