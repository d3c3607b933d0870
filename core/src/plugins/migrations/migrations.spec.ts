import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

let now: number

beforeEach(() => {
  now = Date.UTC(2026, 10, 30, 11)
})

const host = hostForEach(() => ({ clock: { now: () => new Date(now) }, rollbackWindowsMs: 100 }))

/** Adds `full`, later takes `first` away. */
const split = `exports.expand = async (db) => {
  for await (const one of db.collection('demo_people').find({ full: { $exists: false } }))
    await db.collection('demo_people').updateOne({ _id: one._id }, { $set: { full: one.first + ' x' } })
}
exports.contract = (db) => db.collection('demo_people').updateMany({}, { $unset: { first: '' } })`

function pack(
  version: string,
  migrations: Record<string, string>,
  more: object = {},
  isolation: 'inline' | 'process' = 'inline',
) {
  const files = Object.fromEntries(Object.entries(migrations).map(([name, code]) => [`migrations/${name}.cjs`, code]))
  return packFixture({
    version,
    routes: [route('GET', '/version')],
    manifest: {
      backend: { entry: 'dist/server.cjs', isolation, routes: [route('GET', '/version')] },
      data: { collections: ['demo_*'], schemaVersion: 1, migrations: 'migrations', ...more },
      lifecycle: { rollbackWindow: '2h' },
    },
    files,
    start: `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })
}

const people = (region: string) => host.data.region(region).collection<{ _id: string }>('demo_people')
const states = async () =>
  ((await host.harness.view('demo'))['migrations'] as { region: string; name: string; state: string }[]).map(
    ({ region, name, state }) => `${region} ${name} ${state}`,
  )

async function installed(): Promise<void> {
  await host.harness.install(await pack('1.0.0', {}))
  for (const region of ['br', 'mx']) await people(region).insertOne({ _id: 'a', first: region } as { _id: string })
}

/**
 * Until the host has looked for ended windows of every plugin that was there: it puts away a version of one that came last, twice, as
 * the first time it may have been half through when the clock was moved.
 */
async function lookedAtAll(): Promise<void> {
  const witness = (version: string) =>
    packFixture({ id: 'witness', version, manifest: { lifecycle: { rollbackWindow: '1h' } } })
  await host.harness.install(await witness('1.0.0'))
  for (const version of ['1.0.1', '1.0.2']) {
    await host.harness.upload(await witness(version))
    expect((await host.harness.change('upgrade', 'witness', { version })).status).toBe(200)
    now += 2 * 3_600_000
    await host.harness.until(async () => (await host.harness.view('witness'))['previous'] === null)
  }
}

async function upgrade(tarball: Buffer, body: object = {}) {
  const put = await host.harness.upload(tarball)
  if (put.status !== 201) throw new Error(put.text)
  return host.harness.change('upgrade', 'demo', { version: put.json['version'] as string, ...body })
}

describe('a migration', () => {
  it('expands each region before the new version starts, and contracts when the rollback window is over', async () => {
    await installed()
    expect((await upgrade(await pack('1.1.0', { '0001-full-names': split }))).status).toBe(200)
    expect(await people('br').findOne({ _id: 'a' })).toEqual({ _id: 'a', first: 'br', full: 'br x' })
    expect(await people('mx').findOne({ _id: 'a' })).toEqual({ _id: 'a', first: 'mx', full: 'mx x' })
    expect(await host.harness.view('demo')).toMatchObject({
      previous: '1.0.0',
      rollbackUntil: '2026-11-30T13:00:00.000Z',
    })
    expect(await states()).toEqual(['br 0001-full-names expanded', 'mx 0001-full-names expanded'])
    now += 2 * 3_600_000
    await host.harness.until(async () => (await states()).every((state) => state.endsWith('contracted')))
    expect(await people('br').findOne({ _id: 'a' })).toEqual({ _id: 'a', full: 'br x' })
    const { json } = await host.harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
    expect((json['transitions'] as object[])[0]).toMatchObject({ version: '1.0.0', to: 'RETIRED' })
    expect(await host.harness.change('rollback', 'demo')).toMatchObject({
      status: 409,
      json: { code: 'plugin_no_previous' },
    })
  })

  it('keeps what the version before needs for as long as one can go back to it', async () => {
    await installed()
    await upgrade(await pack('1.1.0', { '0001-full-names': split }))
    now += 3_600_000
    expect(await host.harness.change('rollback', 'demo')).toMatchObject({ status: 200, json: { version: '1.0.0' } })
    now += 3 * 3_600_000
    await lookedAtAll()
    expect(await people('br').findOne({ _id: 'a' })).toEqual({ _id: 'a', first: 'br', full: 'br x' })
  })

  it('that fails leaves the old version serving, says where, and goes on there at the next try', async () => {
    await installed()
    const failing = `exports.expand = async (db) => { if (db.region === 'mx' && !(await db.collection('demo_people').findOne({ _id: 'mended' }))) throw new Error('no room') }`
    const tarball = await pack('1.1.0', { '0001-full-names': split, '0002-check': failing })
    const answer = await upgrade(tarball)
    expect(answer).toMatchObject({ status: 422, json: { code: 'plugin_start_failed', state: 'FAILED' } })
    expect(answer.json['detail']).toBe('Migration "0002-check" of "demo" 1.1.0 failed to expand in mx: no room')
    expect((await host.harness.call('GET', '/api/plugins/demo/version')).json).toEqual({ version: '1.0.0' })
    expect(await states()).toEqual([
      'br 0001-full-names expanded',
      'br 0002-check expanded',
      'mx 0001-full-names expanded',
      'mx 0002-check expanding',
    ])
    await people('mx').insertOne({ _id: 'mended' })
    await people('br').updateOne({ _id: 'a' }, { $unset: { full: '' } })
    expect((await host.harness.change('upgrade', 'demo', { version: '1.1.0' })).status).toBe(200)
    // What had run did not run again.
    expect(await people('br').findOne({ _id: 'a' })).toEqual({ _id: 'a', first: 'br' })
  })

  it('never changes, touches its own collections only, and has a proper name', async () => {
    await installed()
    await upgrade(await pack('1.1.0', { '0001-full-names': split }))
    const answer = await upgrade(await pack('1.2.0', { '0001-full-names': `${split} // other` }))
    expect(answer.json['detail']).toContain('A migration never changes')
    const foreign = await upgrade(
      await pack('1.3.0', {
        '0001-full-names': split,
        '0002-foreign': `exports.expand = (db) => db.collection('accounts').deleteMany({})`,
      }),
    )
    expect(foreign.json['detail']).toContain('asks for collection "accounts"')
    await expect(pack('1.4.0', { '1-x': split })).rejects.toThrow('"1-x.cjs" is not the name of a migration')
  })

  it('runs apart from the host where the plugin does, and is told of when it fails', async () => {
    const noting = `exports.expand = (db) => db.collection('demo_people').insertOne({ _id: 'process ' + process.pid })`
    const apart = async (version: string, migrations: Record<string, string>) => {
      const tarball = await pack(version, migrations, {}, 'process')
      expect((await host.harness.upload(tarball)).status).toBe(201)
      return host.harness.change(version === '1.0.0' ? 'install' : 'upgrade', 'demo', { version })
    }
    expect(await apart('1.0.0', { '0001-noting': noting })).toMatchObject({ status: 200 })
    const ids = (await people('br').find().toArray()).map(({ _id }) => _id)
    expect(ids).toHaveLength(1)
    expect(ids[0]).toMatch(/^process \d+$/)
    expect(ids[0]).not.toBe(`process ${process.pid}`)
    const failing = `exports.expand = (db) => db.collection('accounts').deleteMany({})`
    const failed = await apart('1.1.0', { '0001-noting': noting, '0002-foreign': failing })
    expect(failed).toMatchObject({ status: 422, json: { code: 'plugin_start_failed' } })
    expect(failed.json['detail']).toContain('asks for collection "accounts"')
    expect((await host.harness.call('GET', '/api/plugins/demo/version')).json).toEqual({ version: '1.0.0' })
  }, 120_000)

  it('that has taken data away bars versions that do not know it', async () => {
    await installed()
    await upgrade(await pack('1.1.0', { '0001-full-names': split }))
    now += 3 * 3_600_000
    await host.harness.until(async () => (await states()).every((state) => state.endsWith('contracted')))
    const answer = await host.harness.change('upgrade', 'demo', { version: '1.0.0' })
    expect(answer.json['detail']).toContain('has removed what versions before it read')
    expect(await host.harness.view('demo')).toMatchObject({ version: '1.1.0', state: 'ACTIVE' })
  })
})

describe('an upgrade that could not be rolled back', () => {
  it('is refused before it starts, unless somebody accepts that with a reason, which is audited', async () => {
    await installed()
    const tarball = await pack('2.0.0', {}, { schemaVersion: 2 })
    expect(await upgrade(tarball)).toMatchObject({ status: 409, json: { code: 'plugin_no_rollback' } })
    expect(await host.harness.change('upgrade', 'demo', { acceptNoRollback: true })).toMatchObject({ status: 400 })
    const accepted = { acceptNoRollback: true, reason: 'agreed with operations' }
    expect(await host.harness.change('upgrade', 'demo', { ...accepted, canary: { percent: 1 } })).toMatchObject({
      status: 409,
      json: { code: 'plugin_no_rollback' },
    })
    expect(await host.harness.change('upgrade', 'demo', accepted)).toMatchObject({
      status: 200,
      json: { version: '2.0.0' },
    })
    expect(host.harness.audit.records.at(-1)).toMatchObject({
      action: 'plugin.upgrade',
      outcome: 'allowed',
      details: accepted,
    })
    expect(await host.harness.change('rollback', 'demo')).toMatchObject({
      status: 409,
      json: { code: 'plugin_data_incompatible' },
    })
  })

  it('is none when the author says that it is reversible', async () => {
    await installed()
    expect((await upgrade(await pack('2.0.0', {}, { schemaVersion: 2, reversible: true }))).status).toBe(200)
    expect(await host.harness.change('rollback', 'demo')).toMatchObject({ status: 200, json: { version: '1.0.0' } })
  })
})
