import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import path from 'node:path'
import { promisify } from 'node:util'
import { Workshop } from '../support/npm-clients.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'

// Clients start slowly, and several suites run at once.
jest.setTimeout(180_000)

let registry: RegistryProcess
let workshop: Workshop
let keys: NpmKey[]
beforeAll(async () => {
  registry = await startRegistryProcess()
  const token = await registry.token('ana')
  workshop = await Workshop.open(path.join(registry.dir, 'clients'), `http://localhost:${registry.port}`, token)
  const folder = await workshop.project('lib', { name: '@ana/lib', version: '1.0.0' }, { 'index.js': '' })
  const published = await workshop.run('npm', folder, ['publish'])
  if (published.status !== 0) throw new Error(published.err)
  const answer = await fetch(`${registry.url}/-/npm/v1/keys`)
  keys = ((await answer.json()) as { keys: NpmKey[] }).keys
})
afterAll(() => registry?.dispose())

interface NpmKey {
  readonly keyid: string
  /** DER in base64. */
  readonly key: string
}

async function asked(pinned: readonly NpmKey[]): Promise<unknown> {
  const node = path.resolve(import.meta.dirname, '../../node_modules/.bin/node')
  const script = path.resolve(import.meta.dirname, '../support/verify-with-pacote.mjs')
  const { stdout } = await promisify(execFile)(node, [script, registry.url, '@ana/lib@1.0.0', JSON.stringify(pinned)])
  return JSON.parse(stdout)
}

// `npm audit signatures` itself fetches keys of a public service first, and fails where there is no internet.
describe("npm's own library, with pinned keys", () => {
  it('finds the signature good', async () => {
    expect(await asked(keys)).toMatchObject({ name: '@ana/lib', signatures: [{ keyid: keys[0]?.keyid }] })
  })

  it('believes neither another key nor the right id over another key', async () => {
    const other = keys.map((key) => ({ ...key, keyid: 'SHA256:other' }))
    expect(await asked(other)).toEqual({ code: 'EMISSINGSIGNATUREKEY' })
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const swapped = keys.map(({ keyid }) => ({ keyid, key }))
    expect(await asked(swapped)).toEqual({ code: 'EINTEGRITYSIGNATURE' })
  })
})
