import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyIdOf, openBundle, readBundle, type TrustFault } from '@dcesop/sdk-plugin/signing'
import type { Json } from '@dcesop/sdk-plugin/host'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { pluginFiles, pluginTarball } from '../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

const own = '/-/dcesop/v1'
let registry: TestRegistry
let ana: string
let eve: string
let br: string
let admin: string
let root: KeyObject
beforeAll(async () => {
  registry = await startTestRegistry()
  ;[ana, eve] = [await registry.token('ana'), await registry.token('eve')]
  br = await registry.token('reviewer.br', 'demo reviewer.br only')
  admin = await registry.token('registry-admin', 'demo registry-admin only')
  root = createPublicKey(await readFile(join(registry.directory, 'keys/root.pub.pem'), 'utf8'))
  await publish('directory', '1.0.0', { provides: { 'customers.directory': '1.0.0' } })
  await publish('directory', '2.0.0', { provides: { 'customers.directory': '2.0.0' } })
  await publish('billing', '1.0.0', { consumes: [{ capability: 'customers.directory', range: '^1.0.0' }] })
  const egress = { cap: 'http:egress', resource: 'a.example.com', reasonKey: 'why.it' }
  const consumes = [{ capability: 'customers.directory', range: '^2.0.0' }]
  await publish('billing', '2.0.0', { permissions: { requests: [egress] }, consumes })
  for (const [id, version] of [
    ['directory', '1.0.0'],
    ['directory', '2.0.0'],
    ['billing', '1.0.0'],
  ] as const)
    await approve(id, version)
})
afterAll(() => registry.stop())

async function publish(id: string, version: string, manifest: Json, token = ana, scope = 'ana'): Promise<void> {
  const name = `@${scope}/dcesop-${id}`
  const answer = await registry.publish(token, { name, version, tarball: await pluginTarball(name, version, manifest) })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
}
async function approve(id: string, version: string, token = br): Promise<void> {
  const body = { region: 'br', decision: 'approve' }
  const answer = await registry.send('POST', `${own}/plugins/${id}/versions/${version}/decisions`, { token, body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
}
const instance = { dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0', regions: ['br'], installed: [] as Json[] }
const ask = (wish: Json, change: Json = {}) =>
  registry.send('POST', `${own}/resolve`, { body: { instance: { ...instance, ...change }, wish } })
const stepsOf = ({ body }: { body: Json }) =>
  ((body['steps'] ?? []) as Json[]).map(({ action, plugin, version }) => `${action} ${plugin} ${version}`)
const textsOf = ({ body }: { body: Json }) => ((body['conflict'] ?? []) as Json[]).map(({ text }) => text)

it('tells of many versions at once what they bring, and nothing of what it has not', async () => {
  const name = '@ana/dcesop-radio'
  const files = pluginFiles(name, '1.0.0', { backend: { entry: 'dist/server.cjs', isolation: 'inline', routes: [] } })
  files.set('dist/server.cjs', Buffer.from('exports.start = () => {}'))
  const { status } = await registry.publish(ana, { name, tarball: await packFiles(files) })
  expect(status).toBe(201)
  const versions = [`${name}@1.0.0`, '@ana/dcesop-billing@2.0.0', `${name}@9.9.9`, '__proto__', '']
  const { body } = await registry.send('POST', `${own}/versions`, { body: { versions } })
  const sizes = { packed: expect.any(Number) as number, unpacked: expect.any(Number) as number }
  expect(body).toEqual({
    versions: {
      [`${name}@1.0.0`]: { kinds: ['backend'], ...sizes },
      '@ana/dcesop-billing@2.0.0': { kinds: [], ...sizes },
    },
  })
})

describe('resolve', () => {
  it('plans with what the region approved, and says where it is', async () => {
    const answer = await ask({ install: [{ plugin: 'billing' }] })
    expect(stepsOf(answer)).toEqual(['install directory 1.0.0', 'install billing 1.0.0'])
    expect((answer.body['steps'] as Json[])[1]).toMatchObject({
      package: '@ana/dcesop-billing',
      integrity: expect.stringMatching(/^sha512-/),
      tarball: `${registry.url}/@ana/dcesop-billing/-/dcesop-billing-1.0.0.tgz`,
    })
  })

  it('explains what stands in the way', async () => {
    expect(textsOf(await ask({ install: [{ plugin: 'billing', range: '^2.0.0' }] }))).toContain(
      '"billing" 2.0.0 is not approved for region "br".',
    )
    expect(textsOf(await ask({ install: [{ plugin: 'billing' }] }, { regions: ['mx'] }))).toContain(
      '"billing" 1.0.0 and 2.0.0 is not approved for region "mx".',
    )
  })

  it('is not asked about a plugin that is installed in two versions', async () => {
    const installed = ['1.0.0', '2.0.0'].map((version) => ({ plugin: 'panel', version }))
    const { status, body } = await ask({}, { installed })
    expect([status, body['code']]).toEqual([400, 'invalid_request'])
  })

  it('never takes a provider that nobody approved, however new it says that it is', async () => {
    await publish('aaa', '99.0.0', { provides: { 'customers.directory': '1.99.0' } }, eve, 'eve')
    expect(stepsOf(await ask({ install: [{ plugin: 'billing' }] }))).toEqual([
      'install directory 1.0.0',
      'install billing 1.0.0',
    ])
  })

  it('looks for each plugin in the channel that it follows, and else in that of the whole question', async () => {
    for (const version of ['1.0.0', '1.1.0-rc.1']) {
      await publish('preview', version, {})
      await approve('preview', version)
    }
    const installed = { plugin: 'preview', version: '1.0.0' }
    const plan = async (wished: Json, present: Json) =>
      stepsOf(await ask({ install: [{ plugin: 'preview', ...wished }] }, { installed: [{ ...installed, ...present }] }))
    expect(await plan({}, {})).toEqual(['keep preview 1.0.0'])
    expect(await plan({ channel: 'next' }, {})).toEqual(['upgrade preview 1.1.0-rc.1'])
    expect(await plan({}, { channel: 'next' })).toEqual(['upgrade preview 1.1.0-rc.1'])
    expect(await plan({ channel: 'stable' }, { channel: 'next' })).toEqual(['keep preview 1.0.0'])
  })

  it('leaves what is yanked to those who have it, unless it is dangerous', async () => {
    await publish('old', '1.0.0', {})
    await approve('old', '1.0.0')
    const yank = (body: Json) =>
      registry.send('POST', `${own}/plugins/old/versions/1.0.0/yank`, { token: admin, body: { reason: 'r', ...body } })
    await yank({ class: 'defect' })
    const installed = [{ plugin: 'old', version: '1.0.0' }]
    expect(textsOf(await ask({ install: [{ plugin: 'old' }] }))).toContain('"old" 1.0.0 is yanked (defect): r.')
    expect(stepsOf(await ask({}, { installed }))).toEqual(['keep old 1.0.0'])
    await yank({ class: 'security' })
    expect(textsOf(await ask({}, { installed }))).toContain('"old" 1.0.0 is yanked (security): r.')
    expect(stepsOf(await ask({ remove: ['old'] }, { installed }))).toEqual(['remove old 1.0.0'])
  })

  it.each([
    [{}, { dcesop: 'x' }],
    [{ install: [{ plugin: 'billing', range: 'not a range' }] }, {}],
    [{ install: [{ plugin: '../x' }] }, {}],
    [{ install: [{ plugin: 'billing', channel: 'nightly' }] }, {}],
    [{}, { installed: [{ plugin: 'billing', version: '1.0.0', channel: 'nightly' }] }],
    [{ install: [{ plugin: 'billing' }], remove: ['billing'] }, {}],
    [{ other: 1 }, {}],
  ])('refuses %j of %j', async (wish, change) => {
    expect((await ask(wish, change)).status).toBe(400)
  })
})

describe('plugins', () => {
  it('are listed with the newest for a region and a host, and found by what they provide', async () => {
    const list = async (query: string) =>
      (await registry.send('GET', `${own}/plugins?${query}`)).body['plugins'] as Json[]
    expect(await list('region=br&q=billing')).toEqual([expect.objectContaining({ id: 'billing', version: '1.0.0' })])
    expect(await list('q=billing')).toEqual([expect.objectContaining({ version: '2.0.0' })])
    expect(await list('q=customers.directory&region=br')).toEqual([expect.objectContaining({ id: 'directory' })])
    expect(await list('q=billing&compatibleWith=9.0.0')).toEqual([])
    expect((await registry.send('GET', `${own}/plugins?compatibleWith=x`)).status).toBe(400)
    expect((await registry.send('GET', `${own}/plugins?channel=stabel`)).status).toBe(400)
  })

  it('show what a version asks for beyond another, and who decided what', async () => {
    const { body } = await registry.send('GET', `${own}/plugins/billing/versions/2.0.0?against=1.0.0`)
    expect(body).toMatchObject({
      permissions: { against: '1.0.0', diff: { added: [{ cap: 'http:egress' }], removed: [], changed: [] } },
      provenance: { publishedBy: 'ana', signatures: [expect.any(Object)] },
      approvals: [],
    })
    expect((await registry.send('GET', `${own}/plugins/billing/versions/9.9.9`)).status).toBe(404)
    const approved = (await registry.send('GET', `${own}/plugins/billing/versions/1.0.0`)).body
    expect(approved).toMatchObject({ approvals: [{ region: 'br', state: 'approved' }] })
    expect((approved['history'] as Json[]).map(({ kind }) => kind)).toEqual(['decision.approved', 'version.published'])
  })
})

describe('a bundle', () => {
  const now = new Date()
  const options = { now, maxAgeDays: 30 }
  const roots = () => new Map([[keyIdOf(root), root]])
  const download = async () => {
    const plugins = [
      { plugin: 'directory', version: '1.0.0' },
      { plugin: 'billing', version: '1.0.0' },
    ]
    const response = await fetch(`${registry.url}${own}/bundle`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ana}`, 'content-type': 'application/json' },
      body: JSON.stringify({ plugins }),
    })
    return readBundle(Buffer.from(await response.arrayBuffer()))
  }

  it('is believed without a network, tarballs, signatures and approvals and all', async () => {
    const { packages, snapshot } = openBundle(await download(), roots(), options)
    expect(packages.map(({ name, approvals }) => [name, Object.keys(approvals)])).toEqual([
      ['@ana/dcesop-directory', ['br']],
      ['@ana/dcesop-billing', ['br']],
    ])
    expect(snapshot.packages['@ana/dcesop-billing']?.versions['1.0.0']?.state).toBe('listed')
  })

  it('is not believed when anything in it is another', async () => {
    const files = await download()
    const open = (
      change: (files: Map<string, Buffer>) => void,
      more = {},
      trusted = roots(),
    ): TrustFault | 'believed' => {
      const changed = new Map(files)
      change(changed)
      try {
        openBundle(changed, trusted, { ...options, ...more })
        return 'believed'
      } catch (error) {
        return (error as { code: TrustFault }).code
      }
    }
    const [tarball] = [...files.keys()].filter((path) => path.startsWith('tarballs/')) as [string]
    const replaced = (path: string, from: RegExp, to: string) => (all: Map<string, Buffer>) =>
      void all.set(path, Buffer.from(String(all.get(path)).replace(from, to)))
    expect(open(() => undefined)).toBe('believed')
    expect(open((all) => void all.set(tarball, Buffer.concat([all.get(tarball) as Buffer, Buffer.of(0)])))).toBe(
      'other_subject',
    )
    expect(open((all) => void all.delete(tarball))).toBe('malformed')
    expect(open(replaced('bundle.json', /"version":"1.0.0"/, '"version":"1.0.1"'))).toBe('wrong_signature')
    expect(open(replaced('bundle.json', /"br":/, '"mx":'))).toBe('other_subject')
    expect(open(replaced('bundle.json', /"log":/, '"lag":'))).toBe('malformed')
    expect(open(replaced('bundle.json', /"proof":\["./, '"proof":["'))).toBe('malformed')
    expect(open(replaced('bundle.json', /\\"at\\":\\"2/, '\\"at\\":\\"3'))).toBe('log_altered')
    expect(open(replaced('snapshot.json', /"payload":"./, '"payload":"A'))).not.toBe('believed')
    expect(open(replaced('keys.json', /"sig":".{8}/, '"sig":"AAAAAAAA'))).toBe('wrong_signature')
    expect(open(() => undefined, { seen: 1_000_000 })).toBe('rolled_back')
    expect(open(() => undefined, { now: new Date(now.getTime() + 40 * 24 * 3600 * 1000) })).toBe('expired')
    const { publicKey } = generateKeyPairSync('ed25519')
    expect(open(() => undefined, {}, new Map([[keyIdOf(publicKey), publicKey]]))).toBe('wrong_signature')
  })

  it('is not made of what is not there or is yanked', async () => {
    const wish = (plugin: string, version: string) =>
      registry.send('POST', `${own}/bundle`, { token: ana, body: { plugins: [{ plugin, version }] } })
    expect((await wish('billing', '7.0.0')).status).toBe(404)
    expect((await wish('old', '1.0.0')).status).toBe(409)
  })
})
