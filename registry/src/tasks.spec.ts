import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from './config/load.ts'
import { makeKeys } from './tasks.ts'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { pluginFiles } from './testing/packages.ts'
import { startTestRegistry } from './testing/test-registry.ts'
import { RegistryKeys } from './trust/keys/registry-keys.ts'

const root = join(import.meta.dirname, '../..')

it('makes keys for production once, where nothing makes them by itself', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'dcesop-registry-keys-'))
  const config = loadConfig({ DCESOP_PROFILE: 'production' }, root, { data: { directory } })
  const open = () => RegistryKeys.open(join(directory, 'keys'), config.trust)
  await expect(open()).rejects.toThrow('--make-keys')
  const said = await makeKeys(config)
  expect((await open()).trusted.list.keys).toHaveLength(4)
  expect(await makeKeys(config)).toBe(said)
  await rm(join(directory, 'keys/root.pem'))
  await expect((await open()).rotate('log')).rejects.toMatchObject({ code: 'root_key_away' })
  await rm(directory, { recursive: true })
})

it('tells whoever audits a plugin about what the plugin bundles, and logs each import', async () => {
  const registry = await startTestRegistry()
  const ana = await registry.token('ana')
  const admin = await registry.token('registry-admin', 'demo registry-admin only')
  const name = '@ana/dcesop-heavy'
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'leaky', version: '1.2.3', purl: 'pkg:npm/leaky@1.2.3' }],
  }
  const bill = ['sbom.cdx.json', Buffer.from(JSON.stringify(sbom))] as const
  const files = new Map([...pluginFiles(name), bill])
  expect((await registry.publish(ana, { name, tarball: await packFiles(files) })).status).toBe(201)
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }]
  const affected = [{ package: { ecosystem: 'npm', name: 'leaky' }, ranges }]
  const records = [{ id: 'OSV-2026-1', summary: 'Leaks', affected }]
  const imported = await registry.send('POST', '/-/dcesop/v1/advisories', { token: admin, body: { records } })
  expect(imported.body).toEqual({ imported: 1 })
  const { body } = await registry.send('POST', '/-/npm/v1/security/advisories/bulk', { body: { [name]: ['1.0.0'] } })
  expect(body[name]).toEqual([
    expect.objectContaining({ vulnerable_versions: '1.0.0', title: expect.stringContaining('Bundles leaky') }),
  ])
  const grave = [{ ...records[0], id: 'OSV-2026-2', database_specific: { severity: 'CRITICAL' } }]
  await registry.send('POST', '/-/dcesop/v1/advisories', { token: admin, body: { records: grave } })
  const later = await packFiles(new Map([...pluginFiles(name, '1.0.1'), bill]))
  expect(await registry.publish(ana, { name, version: '1.0.1', tarball: later })).toMatchObject({
    status: 422,
    body: { errors: [{ code: 'advisory-known', message: expect.stringContaining('"leaky" 1.2.3') as string }] },
  })
  const history = await registry.send('GET', '/-/dcesop/v1/log/history?subject=advisories', { token: ana })
  expect(history.body['entries']).toEqual([
    expect.objectContaining({ actor: 'registry-admin', body: expect.objectContaining({ records: 1 }) }),
    expect.objectContaining({ actor: 'registry-admin' }),
  ])
  await registry.stop()
})
