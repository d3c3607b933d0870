import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { verifyLog } from '@dcesop/sdk-plugin/signing'
import { Partner } from '../support/partner.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'
import { get, headOf, own, snapshotOf, wholeLog } from '../support/registry-trust.ts'

const rounds = 2
const plugins = Array.from({ length: 5 }, (_, index) => `brought${index}`)

interface Page {
  readonly origin?: { readonly log: { readonly entry: string } } | null
  readonly approvals?: readonly { readonly region: string; readonly state: string }[]
}

describe('kill -9 of a registry during the import of a bundle', () => {
  let source: RegistryProcess
  let island: RegistryProcess | undefined
  let folder: string
  beforeAll(async () => {
    source = await startRegistryProcess()
    folder = await mkdtemp(path.join(tmpdir(), 'dcesop-island-'))
    const origins = { rootKeys: [path.join(source.dir, 'keys/root.pub.pem')], maxAgeDays: 30 }
    await writeFile(path.join(folder, 'config.json'), JSON.stringify({ trust: { origins } }))
  })
  afterAll(async () => {
    await island?.dispose()
    await source?.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  it('leaves each version whole with its origin and approvals, or away, and the same bundle brings the rest', async () => {
    const acme = await Partner.join(source, 'acme')
    for (let round = 1; round <= rounds; round += 1) {
      for (const plugin of plugins) await acme.release(plugin, `${round}.0.0`)
      const bundle = await acme.bundle(plugins.map((plugin) => ({ plugin, version: `${round}.0.0` })))
      island ??= await start()
      const [cut, token] = [island, await admin(island)]
      const importing = bring(cut, token, bundle).catch(() => 0)
      // Somewhere in the midst: once the first of it is here, each time elsewhere.
      while ((await present(cut, round)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
      await cut.kill()
      await importing
      island = await start(cut.dir)
      await eachIsWhole(island, round)
      expect(await bring(island, await admin(island), bundle)).toBe(201)
      expect(await present(island, round)).toEqual(plugins)
      await eachIsWhole(island, round)
    }
    expect(await readdir(path.join((island as RegistryProcess).dir, 'spool'))).toEqual([])
  }, 400_000)

  const start = (dir?: string) =>
    startRegistryProcess({ ...(dir && { dir }), env: { DCESOP_REGISTRY_CONFIG: path.join(folder, 'config.json') } })
})

const admin = (registry: RegistryProcess) => registry.token('registry-admin', 'demo registry-admin only')

async function bring({ url }: RegistryProcess, token: string, bundle: Buffer): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-tar' }
  return (await fetch(`${url}${own}/imports`, { method: 'POST', headers, body: new Uint8Array(bundle) })).status
}

/** The plugins whose version of this round is here. */
async function present(registry: RegistryProcess, round: number): Promise<string[]> {
  const statuses = await Promise.all(plugins.map((plugin) => get(registry, pageOf(plugin, round))))
  return plugins.filter((_, index) => statuses[index]?.status === 200)
}

const pageOf = (plugin: string, round: number) => `${own}/plugins/${plugin}/versions/${round}.0.0`

async function eachIsWhole(registry: RegistryProcess, round: number): Promise<void> {
  const here = await present(registry, round)
  const { packages } = await snapshotOf(registry)
  for (const plugin of here) {
    const { body } = await get<Page>(registry, pageOf(plugin, round))
    expect(body.origin?.log.entry).toContain('version.published')
    expect(body.approvals).toMatchObject([{ region: 'br', state: 'approved' }])
    const name = `@acme/dcesop-${plugin}`
    const bytes = await fetch(`${registry.url}/${name}/-/dcesop-${plugin}-${round}.0.0.tgz`)
    expect(bytes.status).toBe(200)
    expect(Object.keys(packages[name]?.versions[`${round}.0.0`]?.approvals ?? {})).toEqual(['br'])
  }
  const entries = await wholeLog(registry, await admin(registry))
  await verifyLog(entries, [await headOf(registry)])
  const published = entries
    .map((text) => JSON.parse(text) as { kind: string; subject: string })
    .filter(({ kind, subject }) => kind === 'version.published' && subject.endsWith(`@${round}.0.0`))
    .map(({ subject }) => subject)
  expect(published.toSorted()).toEqual(here.map((plugin) => `@acme/dcesop-${plugin}@${round}.0.0`))
}
