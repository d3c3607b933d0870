import { fileListPath, listFiles, manifestPath, readTarball, writeTarball } from '@dcesop/sdk-plugin/package'
import { packFixture } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach()

const maps = 'https://maps.example.com'
const tiles = 'https://tiles.example.com:8443'
const page = { id: 'main', path: '/demo', expose: 'main', titleKey: 'demo.title', permission: 'demo:use' }
const asked = ['maps.example.com', 'tiles.example.com:8443'].map((resource) => ({
  cap: 'http:egress' as const,
  resource,
  reasonKey: 'demo.title',
}))
const pack = (version: string, csp: object, requests = asked) =>
  packFixture({
    version,
    manifest: { ui: { pages: [page], csp }, permissions: { requests } },
    files: { 'dist/ui/remoteEntry.js': '' },
  })

/** As a packer that does not check makes it. */
async function unchecked(csp: object, requests: object[]): Promise<Buffer> {
  const files = new Map(await readTarball(await pack('1.0.0', {})))
  const manifest = JSON.parse(String(files.get(manifestPath))) as { ui: object; permissions: object }
  Object.assign(manifest.ui, { csp })
  Object.assign(manifest.permissions, { requests })
  files.set(manifestPath, Buffer.from(JSON.stringify(manifest)))
  files.delete(fileListPath)
  files.set(fileListPath, Buffer.from(JSON.stringify(listFiles(files))))
  return writeTarball(files)
}

const nothing = { connect: [], img: [], font: [] }
const sources = () => host.harness.host.pageSources()

describe('the origins of plugins', () => {
  it('are the page’s while the plugin serves, by the version that serves', async () => {
    expect(sources()).toEqual(nothing)
    await host.harness.upload(await pack('1.0.0', { connect: [maps], img: [tiles] }))
    expect(sources()).toEqual(nothing)
    expect((await host.harness.change('install', 'demo', { version: '1.0.0' })).status).toBe(200)
    expect(sources()).toEqual({ connect: [maps], img: [tiles], font: [] })

    await host.harness.upload(await pack('1.1.0', { connect: [maps] }))
    expect((await host.harness.change('upgrade', 'demo', { version: '1.1.0' })).status).toBe(200)
    expect(sources()).toEqual({ connect: [maps], img: [], font: [] })

    await host.harness.change('disable', 'demo')
    expect(sources()).toEqual(nothing)
    await host.harness.change('enable', 'demo')
    expect(sources()).toEqual({ connect: [maps], img: [], font: [] })
    await host.harness.change('uninstall', 'demo')
    expect(sources()).toEqual(nothing)
  })

  it.each([
    ['is not asked for', { connect: [maps] }, []],
    ['stands for any host', { connect: ['https://*.example.com'] }, asked],
    ['allows code', { connect: ["'unsafe-eval'"] }, asked],
    ['is not encrypted', { img: ['http://maps.example.com'] }, asked],
    ['is for scripts', { script: [maps] }, asked],
  ])('are refused with the package when one %s', async (_which, csp, requests) => {
    const refused = await host.harness.upload(await unchecked(csp, requests))
    expect([refused.status, refused.text]).toEqual([422, expect.stringMatching(/"manifest-(csp|shape)"/)])
    expect(sources()).toEqual(nothing)
  })
})
