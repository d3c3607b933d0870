import { type Db, MongoClient } from 'mongodb'
import { libraryTarball } from '../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

const name = '@ana/lib'
const path = '/@ana%2flib'
const forInstallers = { accept: 'application/vnd.npm.install-v1+json' }

let registry: TestRegistry
let client: MongoClient
let db: Db
let [ana, admin] = ['', '']
beforeAll(async () => {
  registry = await startTestRegistry()
  client = await MongoClient.connect(registry.mongodbUri)
  db = client.db(registry.database)
  ana = await registry.token('ana')
  admin = await registry.token('registry-admin', 'demo registry-admin only')
  for (const version of ['1.0.0', '1.1.0']) await publish(version)
})
afterAll(async () => {
  await client.close()
  await registry.stop()
})

async function publish(version: string): Promise<void> {
  const { status } = await registry.publish(ana, { name, version, tarball: await libraryTarball({ name, version }) })
  expect(status).toBe(201)
}
const get = (rest = '', headers = {}) => registry.send('GET', path + rest, { headers })
const shown = async (headers = {}) => {
  const { body } = await get('', headers)
  return [Object.keys(body['versions'] as object), (body['dist-tags'] as Record<string, string>)['latest']]
}

const searched = async () => {
  const { body } = await registry.send('GET', '/-/v1/search?text=lib')
  const found = (body['objects'] as { package: { name: string; version: string } }[]).map((one) => one.package)
  expect(body['total']).toBe(found.length)
  return found.map((one) => [one.name, one.version])
}

describe('a yank that somebody took out of the database', () => {
  it('is told to installers all the same: the log has it', async () => {
    const before = await get('', forInstallers)
    const rows = {
      version: await db.collection('versions').findOne({ package: name, version: '1.1.0' }),
      package: await db.collection('packages').findOne({ folded: { $exists: true } }),
    }
    const yank = { class: 'security', reason: 'It leaks.' }
    const yanked = `/-/dcesop/v1/plugins/${path.slice(1)}/versions/1.1.0/yank`
    expect((await registry.send('POST', yanked, { token: admin, body: yank })).status).toBe(201)
    expect(await shown()).toEqual([['1.0.0'], '1.0.0'])

    // Both rows as they were before: with its revision also the tag, by which clients keep documents.
    await db.collection('versions').replaceOne({ _id: rows.version!._id }, rows.version!)
    await db.collection('packages').replaceOne({ _id: rows.package!._id }, rows.package!)
    const told = async () => {
      expect(await shown()).toEqual([['1.0.0'], '1.0.0'])
      expect(await shown(forInstallers)).toEqual([['1.0.0'], '1.0.0'])
      const tags = await registry.send('GET', `/-/package/${path.slice(1)}/dist-tags`)
      expect(tags.body).toEqual({ latest: '1.0.0' })
      for (const wanted of ['/1.1.0', '/^1.1.0']) expect((await get(wanted)).status).toBe(404)
      expect((await get('/latest')).body).toMatchObject({ version: '1.0.0' })
    }
    await told()
    expect((await get('/-/lib-1.1.0.tgz')).status).toBe(410)
    const wish = { plugins: [{ plugin: name, version: '1.1.0' }] }
    expect((await registry.send('POST', '/-/dcesop/v1/bundle', { token: ana, body: wish })).status).toBe(409)
    expect(await searched()).toEqual([[name, '1.0.0']])
    const tag = await registry.send('PUT', `/-/package/${path.slice(1)}/dist-tags/beta`, {
      token: ana,
      body: '"1.1.0"',
    })
    expect([tag.status, tag.body['code']]).toEqual([404, 'package_not_found'])
    const held = { ...forInstallers, 'if-none-match': before.headers.get('etag') as string }
    expect((await get('', held)).status).toBe(200)

    // Now the registry reads the package again, and finds that log and database differ.
    await publish('1.0.1')
    expect(await shown()).toEqual([['1.0.0', '1.0.1'], '1.0.1'])
    expect((await get('/1.1.0')).status).toBe(404)
    expect((await get('/-/lib-1.1.0.tgz')).status).toBe(404)
  })
})

it('is shown by the tags that the log tells, wherever somebody made them point', async () => {
  await publish('2.0.0')
  const beta = () => registry.send('PUT', `/-/package/${path.slice(1)}/dist-tags/beta`, { token: ana, body: '"1.0.1"' })
  expect((await beta()).status).toBe(201)
  const tagsNow = async () => (await registry.send('GET', `/-/package/${path.slice(1)}/dist-tags`)).body
  const told = { latest: '2.0.0', beta: '1.0.1' }
  expect(await tagsNow()).toEqual(told)
  const tags = [
    { tag: 'latest', version: '1.0.0' },
    { tag: 'evil', version: '1.0.1' },
  ]
  await db
    .collection<{ _id: string }>('packages')
    .updateOne({ _id: name }, { $set: { tags, 'search.version': '1.0.0' } })
  expect(await tagsNow()).toEqual(told)
  expect((await get('', forInstallers)).body['dist-tags']).toEqual(told)
  expect((await get('/latest')).body).toMatchObject({ version: '2.0.0' })
  expect(await searched()).toEqual([[name, '2.0.0']])
})

it('is not found by a search when nothing of it is offered, whatever its row says', async () => {
  const only = '@ana/libonly'
  const tarball = await libraryTarball({ name: only, version: '1.0.0' })
  expect((await registry.publish(ana, { name: only, tarball })).status).toBe(201)
  const packages = db.collection<{ _id: string }>('packages')
  const before = await packages.findOne({ _id: only })
  const body = { class: 'legal', reason: 'It is not ours.' }
  const yank = `/-/dcesop/v1/plugins/${only.replace('/', '%2f')}/versions/1.0.0/yank`
  expect((await registry.send('POST', yank, { token: admin, body })).status).toBe(201)
  expect((await searched()).map(([found]) => found)).not.toContain(only)
  await packages.replaceOne({ _id: only }, before!)
  expect((await searched()).map(([found]) => found)).toEqual([name])
})
