import { createHash, createPublicKey, verify } from 'node:crypto'
import { type SignedFeed, signedBytes, type UiFeed } from '@dcesop/sdk-plugin/contracts'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { packFixture } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach()

const script = (version: string) => `/* ${version} */ ${'x'.repeat(3000)}`
const ui: NonNullable<PluginManifest['ui']> = {
  pages: [
    { id: 'home', path: '/demo/:id', expose: 'home', titleKey: 'demo.title', permission: 'demo:use' },
    {
      id: 'admin',
      path: '/demo-admin',
      expose: 'admin',
      titleKey: 'demo.title',
      permission: 'demo:administer',
      order: 5,
    },
  ],
  extensions: [
    {
      id: 'tile',
      point: 'dashboard.widget/v1',
      expose: 'tile',
      titleKey: 'demo.title',
      permission: 'demo:use',
      order: 7,
    },
  ],
}

function pack(version: string) {
  return packFixture({
    version,
    manifest: { ui },
    files: {
      'dist/ui/remoteEntry.js': script(version),
      'dist/ui/style.css': '.p-demo{}',
      'locales/es.json': '{"demo.title":"Demostración"}',
    },
  })
}

async function feed(as = 'agent'): Promise<UiFeed> {
  return JSON.parse((await host.harness.call('GET', '/api/ui/feed', { as })).json['payload'] as string) as UiFeed
}

describe('the feed', () => {
  it('is signed with the key that the host shows', async () => {
    await host.harness.install(await pack('1.0.0'))
    const signed = (await host.harness.call('GET', '/api/ui/feed')).json as unknown as SignedFeed
    const shown = (await host.harness.call('GET', '/api/ui/feed-key', { as: '' })).json
    expect(shown).toEqual(signed.publicKey)
    const key = createPublicKey({ key: shown as { kty: string }, format: 'jwk' })
    const genuine = (payload: string) =>
      verify(null, signedBytes(payload), key, Buffer.from(signed.signature, 'base64'))
    expect(genuine(signed.payload)).toBe(true)
    expect(genuine(signed.payload.replace('1.0.0', '1.0.1'))).toBe(false)
  })

  it('holds what the user may see, ready for the shell', async () => {
    await host.harness.install(await pack('1.0.0'))
    const { plugins } = await feed()
    const [plugin] = plugins
    expect(plugin).toMatchObject({
      id: 'demo',
      version: '1.0.0',
      state: 'active',
      baseUrl: expect.stringMatching(/^\/ui\/demo\/1\.0\.0-[0-9a-f]{8}\/$/) as string,
      remoteEntry: 'remoteEntry.js',
      container: 'dcesop_demo_1_0_0',
      pages: [{ id: 'home', order: 100 }],
      extensions: [{ id: 'tile', order: 7 }],
      locales: { es: `${plugin?.baseUrl}locales/es.json` },
    })
    const hash = createHash('sha384').update(script('1.0.0')).digest('base64')
    expect(plugin?.integrity['remoteEntry.js']).toBe(`sha384-${hash}`)
    expect(Object.keys(plugin?.integrity ?? {})).toEqual([
      'locales/en.json',
      'locales/es.json',
      'locales/pt-BR.json',
      'remoteEntry.js',
      'style.css',
    ])
    expect(await feed('guest')).toMatchObject({ plugins: [], unavailable: [] })
    expect((await host.harness.call('GET', '/api/ui/feed', { as: '' })).status).toBe(401)
  })

  it.each([
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['GZIP;q=0.5', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['brotli, gzipped', 'identity'],
    ['br;q=0.0, gzip;q=0', 'identity'],
  ])('names files that are sent for %j as the bytes that they are', async (accept, coding) => {
    await host.harness.install(await pack('1.0.0'))
    const [plugin] = (await feed()).plugins
    const path = `${plugin?.baseUrl}remoteEntry.js`
    const get = (more: Record<string, string> = {}) =>
      host.harness.call('GET', path, { as: '', headers: { 'accept-encoding': accept, ...more } })
    const { headers } = await get()
    expect([headers['content-encoding'] ?? 'identity', headers['vary']]).toEqual([coding, 'accept-encoding'])
    expect(/(?:-(br|gzip))?"$/.exec(String(headers['etag']))?.[1] ?? 'identity').toBe(coding)
    expect((await get({ 'if-none-match': String(headers['etag']) })).status).toBe(304)
  })

  it('is not sent again while it has not changed, and each change has a greater number and is announced', async () => {
    await host.harness.install(await pack('1.0.0'))
    const first = await host.harness.call('GET', '/api/ui/feed')
    const etag = first.headers['etag'] as string
    expect((await host.harness.call('GET', '/api/ui/feed', { headers: { 'if-none-match': etag } })).status).toBe(304)
    const before = (await feed()).revision
    await host.harness.change('disable', 'demo')
    const after = await feed()
    expect(after.revision).toBeGreaterThan(before)
    expect(after).toMatchObject({
      plugins: [],
      unavailable: [
        { id: 'demo', state: 'disabled', cause: 'disabled', pages: [{ id: 'home' }], extensions: [{ id: 'tile' }] },
      ],
    })
    expect(host.harness.hub.broadcasts.at(-1)).toEqual({ event: 'feed-changed', payload: { revision: after.revision } })
    expect((await host.harness.call('GET', '/api/ui/feed', { headers: { 'if-none-match': etag } })).status).toBe(200)
  })
})

describe('the files of a UI', () => {
  it('are immutable, typed, packed when the browser takes it', async () => {
    await host.harness.install(await pack('1.0.0'))
    const entry = `${(await feed()).plugins[0]?.baseUrl}remoteEntry.js`
    const plain = await host.harness.call('GET', entry, { as: '' })
    expect(plain).toMatchObject({
      status: 200,
      text: script('1.0.0'),
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      },
    })
    for (const encoding of ['br', 'gzip']) {
      const response = await fetch(`${host.harness.origin}${entry}`, { headers: { 'accept-encoding': encoding } })
      expect(response.headers.get('content-encoding')).toBe(encoding)
      expect(Number(response.headers.get('content-length'))).toBeLessThan(1000)
      expect(await response.text()).toBe(script('1.0.0'))
    }
  })

  it('of the version before are still there for open tabs', async () => {
    await host.harness.install(await pack('1.0.0'))
    const old = `${(await feed()).plugins[0]?.baseUrl}remoteEntry.js`
    await host.harness.upload(await pack('1.1.0'))
    await host.harness.change('upgrade', 'demo')
    const current = `${(await feed()).plugins[0]?.baseUrl}remoteEntry.js`
    expect(current).not.toBe(old)
    expect((await host.harness.call('GET', old, { as: '' })).text).toBe(script('1.0.0'))
    expect((await host.harness.call('GET', current, { as: '' })).text).toBe(script('1.1.0'))
  })

  it.each(['../../dcesop.plugin.json', '%2e%2e/%2e%2e/dist/server.cjs', 'server.cjs', 'nothing.js'])(
    'do not include %s',
    async (path) => {
      await host.harness.install(await pack('1.0.0'))
      const base = (await feed()).plugins[0]?.baseUrl as string
      expect((await host.harness.call('GET', base + path, { as: '' })).status).toBe(404)
      expect((await host.harness.call('GET', `/ui/demo/1.0.0-00000000/${path}`, { as: '' })).status).toBe(404)
    },
  )
})
