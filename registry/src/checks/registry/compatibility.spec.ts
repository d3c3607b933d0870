import type { Json } from '@dcesop/sdk-plugin/host'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { pluginFiles, pluginTarball } from '../../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

let registry: TestRegistry
let ana: string
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
})
afterAll(() => registry.stop())

describe('a new version', () => {
  it('keeps what others rely on until the next major version', async () => {
    const name = '@ana/dcesop-kept'
    const plugin = (version: string, paths: readonly string[]) =>
      pluginTarball(name, version, {
        id: 'kept',
        provides: { 'kept.list': version },
        realtime: paths.map((path) => ({ topic: `kept.${path}`, permission: 'kept:view' })),
      })
    const publish = async (version: string, paths: readonly string[]) =>
      registry.publish(ana, { name, version, tarball: await plugin(version, paths) })
    expect((await publish('1.0.0', ['a', 'b'])).status).toBe(201)
    expect((await publish('1.1.0', ['a', 'b', 'c'])).status).toBe(201)
    const broken = await publish('1.2.0', ['a', 'c'])
    expect(broken.body['errors']).toEqual([
      expect.objectContaining({
        code: 'compatibility-removed',
        message: expect.stringContaining('realtime topic kept.b'),
        fix: expect.stringContaining('2.0.0'),
      }),
    ])
    expect((await publish('2.0.0', ['a', 'c'])).status).toBe(201)
    // A repair of the older line is held against that line.
    expect((await publish('1.1.1', ['a', 'b', 'c'])).status).toBe(201)
  })

  it('keeps what its remote exposes and the version of what it provides', async () => {
    const name = '@ana/dcesop-shown'
    const panel = (id: string, expose: string) => ({
      id,
      point: 'customer360.panel/v1',
      expose,
      titleKey: 'plugin.title',
      permission: 'shown:view',
    })
    const publish = async (version: string, provides: string, ...extensions: object[]) => {
      const files = pluginFiles(name, version, { provides: { 'shown.list': provides }, ui: { extensions } })
      files.set('dist/ui/remoteEntry.js', Buffer.from('globalThis.x = 1'))
      const { status, body } = await registry.publish(ana, { name, version, tarball: await packFiles(files) })
      return [status, ...((body['errors'] ?? []) as Json[]).map(({ message }) => message)]
    }
    expect(await publish('1.0.0', '1.2.0', panel('health', 'health-panel'), panel('usage', 'usage-panel'))).toEqual([
      201,
    ])
    expect(await publish('1.1.0', '1.1.0', panel('health', 'wellness'))).toEqual([
      422,
      '1.0.0 has the extension usage (customer360.panel/v1), which 1.1.0 has not.',
      '1.0.0 has the exposed unit health-panel, which 1.1.0 has not.',
      '1.0.0 has the exposed unit usage-panel, which 1.1.0 has not.',
      '1.0.0 provides "shown.list" 1.2.0, and 1.1.0 only 1.1.0.',
    ])
    expect(await publish('2.0.0', '1.1.0', panel('health', 'wellness'))).toEqual([201])
  })
})
