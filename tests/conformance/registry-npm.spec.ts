import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { minimalManifest } from '@dcesop/sdk-plugin/testing'
import { type Client, type Outcome, Workshop } from '../support/npm-clients.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'

// Clients start slowly, and several suites run at once.
jest.setTimeout(180_000)

let registry: RegistryProcess
let workshop: Workshop
beforeAll(async () => {
  registry = await startRegistryProcess()
  const token = await registry.token('ana')
  const url = `http://localhost:${registry.port}`
  workshop = await Workshop.open(path.join(registry.dir, 'clients'), url, token)
})
afterAll(() => registry?.dispose())

async function ok(client: Client, cwd: string, ...args: string[]): Promise<string> {
  const { status, out, err } = await workshop.run(client, cwd, args)
  if (status !== 0) throw new Error(`${client} ${args.join(' ')} ended with ${status}:\n${out}\n${err}`)
  return out
}
const refused = async (cwd: string, ...args: string[]): Promise<Outcome> => {
  const outcome = await workshop.run('npm', cwd, args)
  expect(outcome.status).not.toBe(0)
  return outcome
}
const whoami = async (token: string) =>
  (await fetch(`${registry.url}/-/whoami`, { headers: { authorization: `Bearer ${token}` } })).status
const installed = async (folder: string, name: string) =>
  JSON.parse(await readFile(path.join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }

it('answers a request whose path is none as a mistake of its sender', async () => {
  const status = await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: registry.port, method: 'OPTIONS', path: '*' }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject).end()
  })
  expect(status).toBe(400)
})

// What the battery of registry-e2e-cli.spec.ts asks of a registry is not asked here again: a client takes a second to start.
describe('the stock npm client', () => {
  let lib: string
  let app: string
  beforeAll(async () => {
    lib = await workshop.project('lib', { name: '@ana/lib', version: '1.0.0', description: 'Measures things' })
    await ok('npm', lib, 'publish')
  })

  it('signs in with name and password, and out', async () => {
    const folder = await workshop.project('fresh', {}, { '.npmrc': `registry=http://localhost:${registry.port}/\n` })
    const login = await workshop.run('npm', folder, ['login', '--auth-type=legacy'], ['bob', 'bob in a spec'])
    expect(`${login.out}${login.err}`).toContain('Logged in')
    expect(await ok('npm', folder, 'whoami')).toBe('bob\n')
    const settings = await readFile(path.join(registry.dir, 'clients/home/.npmrc'), 'utf8')
    const token = /_authToken=(.+)/.exec(settings)?.[1] ?? ''
    expect(await whoami(token)).toBe(200)
    await ok('npm', folder, 'logout')
    expect(await whoami(token)).toBe(401)
  })

  it('changes its profile, and reads it as lines of text', async () => {
    await ok('npm', lib, 'profile', 'set', 'email', 'ana@acme.example')
    const profile = await ok('npm', lib, 'profile', 'get')
    expect(profile).toMatch(/^name: ana\nemail: ana@acme\.example/)
    expect(profile).not.toContain('[object')
  })

  it('publishes a packed plugin, and installs it beside a library', async () => {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value))
    const tarball = await packFiles(
      new Map([
        ['package.json', json({ name: '@ana/dcesop-demo', version: '1.0.0' })],
        ['dcesop.plugin.json', json(minimalManifest())],
        ...['es', 'pt-BR', 'en'].map((locale): [string, Buffer] => [`locales/${locale}.json`, json({})]),
      ]),
    )
    const folder = await workshop.project('plugin', {}, { 'demo.tgz': tarball })
    await ok('npm', folder, 'publish', './demo.tgz')
    app = await workshop.project('npm-app', { name: 'app', dependencies: { '@ana/lib': '^1.0.0' } })
    await ok('npm', app, 'install', '@ana/dcesop-demo')
    expect(await installed(app, '@ana/lib')).toMatchObject({ version: '1.0.0' })
    expect(await installed(app, '@ana/dcesop-demo')).toMatchObject({ version: '1.0.0' })
  })

  it('publishes with a tag, and never takes back', async () => {
    await workshop.project('lib', { name: '@ana/lib', version: '2.0.0-rc.1' })
    await ok('npm', lib, 'publish', '--tag', 'next')
    const tags = await fetch(`${registry.url}/-/package/@ana%2flib/dist-tags`)
    expect(await tags.json()).toEqual({ latest: '1.0.0', next: '2.0.0-rc.1' })
    const [again, removed] = await Promise.all([
      refused(lib, 'publish', '--tag', 'next'),
      refused(lib, 'dist-tag', 'rm', '@ana/lib', 'latest'),
    ])
    expect(again.err).toMatch(/published already|cannot publish over/)
    expect(removed.err).toContain('never removed')
  })

  it('prints every finding about a package that is refused', async () => {
    const bad = await workshop.project('bad', {
      name: '@ana/dcesop-bad',
      version: '1.0.0',
      scripts: { postinstall: 'true' },
    })
    const { err } = await refused(bad, 'publish')
    expect(err).toContain('kind-library-name')
    expect(err).toContain('install-script')
    expect(err).toContain('docs/checks/install-scripts.md')
  })

  it('makes and revokes tokens', async () => {
    const made = await ok('npm', lib, 'token', 'create', '--read-only', '--password=ana in a spec', '--json')
    const { token, readonly } = JSON.parse(made) as { token: string; readonly: boolean }
    expect(readonly).toBe(true)
    expect(await whoami(token)).toBe(200)
    expect(await ok('npm', lib, 'token', 'list')).toContain(token.slice(0, 12))
    await ok('npm', lib, 'token', 'revoke', token)
    expect(await whoami(token)).toBe(401)
  })

  it('sees owners, and manages the members of a publisher', async () => {
    await registry.token('carla')
    await ok('npm', lib, 'org', 'set', 'ana', 'carla', 'developer')
    const [owners, members] = await Promise.all([
      ok('npm', lib, 'owner', 'ls', '@ana/lib'),
      ok('npm', lib, 'org', 'ls', 'ana', '--json'),
    ])
    expect(owners).toContain('ana')
    expect(JSON.parse(members)).toEqual({ ana: 'owner', carla: 'developer' })
    const [removed, collaborators] = await Promise.all([
      refused(lib, 'owner', 'rm', 'carla', '@ana/lib'),
      ok('npm', lib, 'access', 'list', 'collaborators', '@ana/lib'),
    ])
    expect(removed.err).toContain('npm org')
    expect(collaborators).toContain('carla: read-write')
  })

  it('is told of advisories', async () => {
    const admin = await registry.token('registry-admin.br', 'demo registry-admin.br only')
    const affected = [{ package: { ecosystem: 'npm', name: '@ana/lib' }, versions: ['1.0.0'] }]
    const records = [
      { id: 'OSV-TEST-1', summary: 'Lets anybody in', affected, database_specific: { severity: 'HIGH' } },
    ]
    await fetch(`${registry.url}/-/dcesop/v1/advisories`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ records }),
    })
    expect((await refused(app, 'audit')).out).toContain('Lets anybody in')
  })

  it('has its signatures verified by the keys of the registry, once sigstore has said that it has none', async () => {
    const preload = path.resolve(import.meta.dirname, '../support/sigstore-knows-nothing.cjs')
    const { status, out, err } = await workshop.run('npm', app, ['audit', 'signatures'], [], preload)
    expect([status, out]).toEqual([0, expect.stringContaining('2 packages have verified registry signatures')])
    expect(err).toContain(`Fetching directly from http://localhost:${registry.port}/`)
  })

  it('gets a clear answer to stars and to restricting', async () => {
    const asked = [
      ['star', '@ana/lib'],
      ['access', 'set', 'status=private', '@ana/lib'],
    ]
    const [stars, restricting] = await Promise.all(asked.map((args) => refused(lib, ...args)))
    expect(stars?.err).toMatch(/E40[0-9][^]*no stars/)
    expect(restricting?.err).toMatch(/E40[0-9][^]*cannot be restricted/)
  })
})

interface NpmKey {
  readonly keyid: string
  /** DER in base64. */
  readonly key: string
}

it("has signatures that npm's own library believes with the pinned keys, and with no others", async () => {
  const answer = await fetch(`${registry.url}/-/npm/v1/keys`)
  const { keys } = (await answer.json()) as { keys: NpmKey[] }
  const unknown = keys.map((key) => ({ ...key, keyid: 'SHA256:other' }))
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const swapped = keys.map(({ keyid }) => ({ keyid, key }))
  const node = path.resolve(import.meta.dirname, '../../node_modules/.bin/node')
  const script = path.resolve(import.meta.dirname, '../support/verify-with-pacote.mjs')
  const sets = JSON.stringify([keys, unknown, swapped])
  const { stdout } = await promisify(execFile)(node, [script, registry.url, '@ana/lib@1.0.0', sets])
  expect(JSON.parse(stdout)).toMatchObject([
    { name: '@ana/lib', signatures: [{ keyid: keys[0]?.keyid }] },
    { code: 'EMISSINGSIGNATUREKEY' },
    { code: 'EINTEGRITYSIGNATURE' },
  ])
})

describe.each<[Client, string[], string[]]>([
  ['pnpm', ['publish', '--no-git-checks'], ['install']],
  ['yarn', ['publish', '--non-interactive', '--new-version', '1.0.0'], ['install', '--non-interactive']],
  ['berry', ['npm', 'publish'], ['install', '--no-immutable']],
])('%s', (client, publish, install) => {
  it('publishes a package and installs it', async () => {
    const name = `@ana/by-${client}`
    // Yarn 4 would pack .npmrc with the token in it, and the registry would refuse that.
    const packageJson = { name, version: '1.0.0', license: 'MIT', files: ['index.js'] }
    const lib = await workshop.project(`${client}-lib`, packageJson, { 'index.js': '' })
    if (client === 'berry') await ok(client, lib, 'install', '--no-immutable')
    await ok(client, lib, ...publish)
    const app = await workshop.project(`${client}-app`, {
      name: 'app',
      version: '1.0.0',
      dependencies: { [name]: '1.0.0' },
    })
    await ok(client, app, ...install)
    expect(await installed(app, name)).toMatchObject({ version: '1.0.0' })
  })
})

/** npm and yarn answer a 409 by reading the account and putting it again with Basic; both forms sign in. */
it('signs in as the clients of ten years ago', async () => {
  await registry.token('dora')
  const body = JSON.stringify({ name: 'dora', password: 'dora in a spec', type: 'user', roles: [] })
  const answer = await fetch(`${registry.url}/-/user/org.couchdb.user:dora/-rev/1-0`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('dora:dora in a spec')}` },
    body,
  })
  expect(answer.status).toBe(201)
})
