import { packFiles } from '@dcesop/sdk-plugin/package'
import { type Envelope, keyIdOf, openInstanceFeed, openKeyList } from '@dcesop/sdk-plugin/signing'
import { createHash, createPublicKey } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '@dcesop/sdk-plugin/host'
import { pluginFiles } from '../../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

const own = '/-/dcesop/v1'
const described = { regions: ['br'], dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0', origin: 'https://br.example.net' }
const entry = 'globalThis.x = 1'
let registry: TestRegistry
let ana: string
let br: string
let admin: string
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
  br = await registry.token('reviewer.br', 'demo reviewer.br only')
  admin = await registry.token('registry-admin.br', 'demo registry-admin.br only')
})
afterAll(() => registry.stop())

async function publish(id: string, version: string, { ui = true, approved = true, manifest = {} as Json } = {}) {
  const name = `@ana/dcesop-${id}`
  const files = pluginFiles(name, version, manifest)
  if (ui) files.set('dist/ui/remoteEntry.js', Buffer.from(entry))
  const answer = await registry.publish(ana, { name, version, tarball: await packFiles(files) })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  const body = { region: 'br', decision: 'approve' }
  const path = `${own}/plugins/${id}/versions/${version}/decisions`
  if (approved) await registry.send('POST', path, { token: br, body })
}
const put = (id: string, body: object = described, token = admin) =>
  registry.send('PUT', `${own}/instances/${id}`, { token, body })
const opened = async (id: string, instance = id) => {
  const root = createPublicKey(await readFile(join(registry.directory, 'keys/root.pub.pem'), 'utf8'))
  const [keys, feed] = [await registry.send('GET', `${own}/keys`), await registry.send('GET', `${own}/feed/${id}`)]
  const now = new Date()
  const trusted = openKeyList(keys.body as unknown as Envelope, new Map([[keyIdOf(root), root]]), { now })
  return openInstanceFeed(feed.body as unknown as Envelope, trusted, { instance, now })
}

describe('the feed of an instance', () => {
  it('signs no digest of a file that somebody wrote into the database', async () => {
    await publish('altered', '1.0.0')
    const client = await MongoClient.connect(registry.mongodbUri)
    const ui = JSON.stringify({ 'remoteEntry.js': '0'.repeat(64) })
    const versions = client.db(registry.database).collection('versions')
    await versions.updateOne({ package: '@ana/dcesop-altered' }, { $set: { ui } })
    await client.close()
    expect((await put('br-0')).status).toBe(200)
    expect((await opened('br-0')).plugins).toEqual([])
    const wish = { class: 'withdrawn', reason: 'only for this' }
    await registry.send('POST', `${own}/plugins/altered/versions/1.0.0/yank`, { token: ana, body: wish })
  })

  it('is signed, and has the newest version with a user interface that its regions approved and its host can run', async () => {
    await publish('pages', '1.0.0')
    await publish('pages', '1.1.0', { approved: false })
    await publish('pages', '2.0.0', { manifest: { engines: { dcesop: '^9.0.0', sdk: '^0.1.0' } } })
    await publish('silent', '1.0.0', { ui: false })
    expect((await put('br-1')).status).toBe(200)
    const { plugins, instance } = await opened('br-1')
    expect([instance, plugins.map(({ id, version }) => `${id} ${version}`)]).toEqual(['br-1', ['pages 1.0.0']])
    const sha256 = createHash('sha256').update(entry).digest('base64')
    expect(plugins[0]).toMatchObject({
      container: 'dcesop_pages_1_0_0',
      files: { 'remoteEntry.js': `sha256-${sha256}` },
    })
    expect(plugins[0]?.baseUrl).toMatch(/^\/ui\/pages\/1\.0\.0-[0-9a-f]{8}\/$/)
    await expect(opened('br-1', 'br-2')).rejects.toMatchObject({ code: 'other_subject' })
  })

  it('is told to be unchanged by its tag until something changes', async () => {
    const first = await registry.send('GET', `${own}/feed/br-1`)
    const headers = { 'if-none-match': first.headers.get('etag') as string }
    expect((await registry.send('GET', `${own}/feed/br-1`, { headers })).status).toBe(304)
    await registry.send('POST', `${own}/plugins/pages/versions/1.0.0/yank`, {
      token: admin,
      body: { class: 'defect', reason: 'broken' },
    })
    expect((await registry.send('GET', `${own}/feed/br-1`, { headers })).status).toBe(200)
    expect((await opened('br-1')).plugins).toEqual([])
  })

  it('is there in the form of frontend-discovery as well', async () => {
    await publish('board', '1.0.0')
    const { body } = await registry.send('GET', `${own}/feed/br-1/feed.frontend-discovery.json`)
    expect(body).toMatchObject({
      schema: expect.stringContaining('frontend-discovery'),
      microFrontends: {
        '@ana/dcesop-board': [
          {
            url: expect.stringMatching(/^https:\/\/br\.example\.net\/ui\/board\/1\.0\.0-[0-9a-f]{8}\/remoteEntry\.js$/),
            metadata: { version: '1.0.0', integrity: expect.stringMatching(/^sha256-/) },
          },
        ],
      },
    })
  })

  it.each([
    ['of an unknown instance', 'GET', 'feed/nobody', 404],
    ['of a name that none has', 'GET', 'feed/UP..', 400],
  ])('%s is refused', async (_what, method, path, status) => {
    expect((await registry.send(method, `${own}/${path}`)).status).toBe(status)
  })
})

describe('an instance whose installations follow several channels', () => {
  const regions = ['br', 'mx']
  const several = {
    ...described,
    regions,
    installations: [
      { plugin: 'trialled', channel: 'next' },
      { plugin: 'trialled', region: 'mx', channel: 'stable' },
    ],
  }
  let everywhere: string
  beforeAll(async () => {
    everywhere = await registry.token('registry-admin', 'demo registry-admin only')
    const mx = await registry.token('reviewer.mx', 'demo reviewer.mx only')
    for (const id of ['trialled', 'steady'])
      for (const version of ['1.0.0', '1.1.0-beta.1']) {
        await publish(id, version)
        const path = `${own}/plugins/${id}/versions/${version}/decisions`
        await registry.send('POST', path, { token: mx, body: { region: 'mx', decision: 'approve' } })
      }
  })

  it('is fed for each region the newest version that its channel has', async () => {
    expect((await put('both', several, everywhere)).status).toBe(200)
    const { plugins } = await opened('both')
    expect(plugins.map(({ id, version, regions: where }) => ({ id, version, where }))).toEqual([
      { id: 'steady', version: '1.0.0', where: regions },
      { id: 'trialled', version: '1.1.0-beta.1', where: ['br'] },
      { id: 'trialled', version: '1.0.0', where: ['mx'] },
    ])
    const { body } = await registry.send('GET', `${own}/feed/both/feed.frontend-discovery.json`)
    expect(body).toMatchObject({
      microFrontends: {
        '@ana/dcesop-trialled': [
          { metadata: { version: '1.1.0-beta.1' }, deployment: { default: true }, extras: { regions: ['br'] } },
          { metadata: { version: '1.0.0' }, deployment: { default: false }, extras: { regions: ['mx'] } },
        ],
      },
    })
  })

  it('is fed the one version that all of them have, once they follow the same channel again', async () => {
    expect((await put('both', { ...described, regions }, everywhere)).status).toBe(200)
    expect((await opened('both')).plugins.map(({ id, version }) => `${id} ${version}`)).toEqual([
      'steady 1.0.0',
      'trialled 1.0.0',
    ])
  })

  it.each([
    ['a channel that there is not', [{ plugin: 'trialled', channel: 'never' }], 'never'],
    ['a region that is not its own', [{ plugin: 'trialled', region: 'co', channel: 'next' }], 'co'],
    ['two channels in one place', [several.installations[0], several.installations[0]], 'twice'],
  ])('cannot follow %s', async (_what, installations, told) => {
    const { status, body } = await put('both', { ...several, installations }, everywhere)
    expect([status, body['code'], body['detail']]).toEqual([400, 'invalid_request', expect.stringContaining(told)])
  })
})

describe('an instance', () => {
  it.each([
    'https://a"b',
    'https://br.example.net/',
    'https://BR.example.net',
    'https://me@br.example.net',
    'https://',
  ])('is not reached at %s', async (origin) => {
    const { status, body } = await put('br-wrong', { ...described, origin })
    expect([status, body['code']]).toEqual([400, 'invalid_request'])
  })

  it('is described by administrators of its regions alone', async () => {
    expect((await put('mx-1', { ...described, regions: ['mx'] })).status).toBe(403)
    expect((await put('br-1', described, ana)).status).toBe(403)
    expect((await put('br-2', { ...described, channel: 'never' })).status).toBe(400)
    expect((await put('br-2', { ...described, dcesop: 'one' })).status).toBe(400)
  })
})

describe('the log', () => {
  it('tells who moved a tag, deprecated a version, and changed members', async () => {
    const package_ = '/-/package/@ana%2fdcesop-board/dist-tags/beta'
    await registry.send('PUT', package_, {
      token: ana,
      body: JSON.stringify('1.0.0'),
      headers: { 'content-type': 'application/json' },
    })
    await registry.send('DELETE', package_, { token: ana })
    await registry.token('eve')
    await registry.send('PUT', '/-/org/ana/user', { token: ana, body: { user: 'eve', role: 'developer' } })
    await registry.send('DELETE', '/-/org/ana/user', { token: ana, body: { user: 'eve' } })
    const { body } = await registry.send('GET', '/@ana%2fdcesop-board')
    const versions = body['versions'] as Record<string, Json>
    const deprecated = { ...body, versions: { '1.0.0': { ...versions['1.0.0'], deprecated: 'old' } } }
    expect((await registry.send('PUT', '/@ana%2fdcesop-board', { token: ana, body: deprecated })).status).toBe(200)
    const history = async (filter: string) => {
      const { body: found } = await registry.send('GET', `${own}/log/history?${filter}`, { token: ana })
      return (found['entries'] as Json[]).map(({ kind, actor, body: what }) => ({ kind, actor, body: what }))
    }
    const ofPackage = await history('package=@ana/dcesop-board')
    expect(ofPackage).toContainEqual({
      kind: 'tag.moved',
      actor: 'ana',
      body: { tag: 'beta', version: '1.0.0', before: null },
    })
    expect(ofPackage).toContainEqual({
      kind: 'tag.removed',
      actor: 'ana',
      body: { tag: 'beta', version: null, before: '1.0.0' },
    })
    expect(ofPackage).toContainEqual({ kind: 'version.deprecated', actor: 'ana', body: { message: 'old' } })
    expect(await history('subject=@ana')).toEqual([
      { kind: 'member.removed', actor: 'ana', body: { user: 'eve' } },
      { kind: 'member.set', actor: 'ana', body: { user: 'eve', role: 'developer' } },
      { kind: 'scope.taken', actor: 'ana', body: { owner: 'ana' } },
    ])
  })
})
