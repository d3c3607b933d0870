import { readPackage } from '@dcesop/sdk-plugin/package'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { packFixture } from '../testing/fixture-plugin.ts'
import { Harness } from '../testing/harness.ts'
import { dataForEach } from '../testing/host-for-each.ts'
import { Catalogue } from './catalogue.ts'
import type { StoredPackage } from './package-store.ts'

const given = dataForEach()

/** Runs `work` with a host and stops it. */
async function withHost(
  change: Parameters<typeof Harness.start>[1],
  work: (harness: Harness) => Promise<void>,
): Promise<void> {
  const harness = await Harness.start(given.data, change)
  try {
    await work(harness)
  } finally {
    await harness.stop()
  }
}

/** What the store says of a package when it has it. */
async function described(tarball: Buffer): Promise<StoredPackage> {
  const { manifest, sha512: digest } = await readPackage(tarball)
  return { digest, listHash: '', manifest }
}

describe('packages of the release', () => {
  it('that are refused do not keep the others from being installed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pluginhost-'))
    await writeFile(join(folder, 'broken.tgz'), 'no tarball')
    await writeFile(join(folder, 'demo.tgz'), await packFixture())
    await withHost({ packagesDir: folder }, async (harness) => {
      expect(harness.host.status()).toMatchObject([{ id: 'demo', state: 'ACTIVE' }])
      expect(harness.log.lines).toContainEqual(
        expect.objectContaining({ level: 'error', fields: expect.objectContaining({ file: 'broken.tgz' }) as object }),
      )
    })
    await rm(folder, { recursive: true, force: true })
  })

  it('are refused from an upload with every finding, and a version stays what it is', async () => {
    await withHost({}, async (harness) => {
      expect(await harness.upload(Buffer.from('no tarball'))).toMatchObject({
        status: 422,
        json: {
          code: 'package_refused',
          errors: [
            {
              code: 'package-unreadable',
              finding: 'package-unreadable',
              params: { why: expect.any(String) as string },
              page: '/docs/rules/package-unreadable.html',
            },
          ],
        },
      })
      expect(harness.audit.records.at(-1)).toMatchObject({
        action: 'plugin.package.put',
        outcome: 'failed',
        reason: 'package_refused',
        actor: { subject: 'admin' },
        address: '127.0.0.1',
      })
      await harness.upload(await packFixture())
      expect(await harness.upload(await packFixture({ start: '// other' }))).toMatchObject({
        status: 409,
        json: { code: 'version_exists' },
      })
      expect((await harness.upload(await packFixture())).status).toBe(201)
    })
  })

  it('are one of a version, however many come to different hosts at the same time', async () => {
    const hosts = [1, 2, 3].map(() => new Catalogue(given.data.core))
    await hosts[0]?.prepare()
    for (const host of hosts) {
      const find = host.find.bind(host)
      jest.spyOn(host, 'find').mockImplementationOnce(async (id, version) => {
        const found = await find(id, version)
        await pause(20)
        return found
      })
    }
    const stored = await Promise.all(
      hosts.map(async (_, build) => described(await packFixture({ start: `// ${build}` }))),
    )
    const added = await Promise.allSettled(
      stored.map((one, index) => (hosts[index] as Catalogue).add(one, 'upload', new Date())),
    )
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of added) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'version_exists' })
    expect(await hosts[0]?.list()).toHaveLength(1)
  })

  it('are one again where an earlier host took two', async () => {
    const catalogue = new Catalogue(given.data.core)
    const packages = given.data.core.collection<{ _id: string }>('plugin_packages')
    await packages.drop()
    const { manifest } = await described(await packFixture())
    const row = { id: manifest.id, version: manifest.version, listHash: '', manifest: JSON.stringify(manifest) }
    for (const [day, _id] of ['older', 'newer', 'oldest'].entries())
      await packages.insertOne({
        ...row, _id, source: 'upload', superseded: false, putAt: new Date(Date.UTC(2026, 0, [2, 3, 1][day])),
      } as { _id: string }) // oxfmt-ignore
    await catalogue.prepare()
    expect((await catalogue.list()).map(({ digest }) => digest)).toEqual(['newer'])
    expect(await catalogue.byDigest('oldest')).toMatchObject({ digest: 'oldest' })
  })
})
