import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packFiles, readPackage } from '@dcesop/sdk-plugin/package'
import { Workshop } from '../support/npm-clients.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'
import { own } from '../support/registry-trust.ts'

jest.setTimeout(120_000)

const packages = path.resolve(import.meta.dirname, '../../dist/packages')

let dir = ''
let registry: RegistryProcess
let npm: Workshop
let folder = ''
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'dcesop-first-party-'))
  registry = await startRegistryProcess()
  npm = await Workshop.open(dir, registry.url, await registry.token('registry-admin.br', 'demo registry-admin.br only'))
  folder = await npm.project('release', { name: 'release', version: '1.0.0', private: true })
})
afterAll(async () => {
  await registry?.dispose()
  await rm(dir, { recursive: true, force: true })
})

const publish = (file: string) => npm.run('npm', folder, ['publish', file])

/** As many regional reviewers as the policy asks for. */
async function approve(plugin: string): Promise<unknown> {
  let state: unknown
  for (const reviewer of ['reviewer.br', 'registry-admin.br']) {
    const token = await registry.token(reviewer, `demo ${reviewer} only`)
    const answer = await fetch(`${registry.url}${own}/plugins/${plugin}/versions/1.0.0/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ region: 'br', decision: 'approve' }),
    })
    if (answer.ok) ({ state } = (await answer.json()) as { state: unknown })
  }
  return state
}

it('the packages of the build are taken by a registry where the consumers of each other are approved', async () => {
  expect(await publish(path.join(packages, 'diagnostics-1.0.0.tgz'))).toMatchObject({ status: 0 })
  expect(await approve('diagnostics')).toBe('approved')

  const built = await readFile(path.join(packages, 'customers-1.0.0.tgz'))
  const files = new Map((await readPackage(built)).files)
  files.delete('contracts.kept.json')
  const silent = path.join(dir, 'silent.tgz')
  await writeFile(silent, await packFiles(files))
  const refused = await publish(silent)
  expect(refused.status).not.toBe(0)
  expect(refused.out + refused.err).toContain('contract-not-kept')

  expect(await publish(path.join(packages, 'customers-1.0.0.tgz'))).toMatchObject({ status: 0 })
})
