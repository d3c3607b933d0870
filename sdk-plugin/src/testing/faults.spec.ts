import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { definePlugin, Problem } from '../backend/index.ts'
import { testIdentity } from './identity.ts'
import { minimalManifest } from './manifest.ts'
import { createTestHost, type TestHost } from './test-host.ts'

const manifest = minimalManifest({
  backend: {
    entry: 'dist/server.cjs',
    isolation: 'inline',
    routes: [{ method: 'GET', path: '/far', permission: 'demo:use', timeoutMs: 5000 }],
  },
})
const agent = testIdentity(['demo:use'])

describe('the network of a test host', () => {
  let host: TestHost
  let far: Server
  const fetchBefore = globalThis.fetch
  beforeAll(async () => {
    far = createServer((_request, response) => response.end('"far"'))
    await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(far.address() as AddressInfo).port}/`
    const plugin = definePlugin({
      start(context) {
        context.route({
          method: 'GET',
          path: '/far',
          summary: 'Asks somebody else',
          async handler() {
            try {
              const answer = await fetch(url, { signal: AbortSignal.timeout(300) })
              return (await answer.json()) as string
            } catch (cause) {
              const late = (cause as Error).name === 'TimeoutError'
              throw new Problem(502, late ? 'upstream_late' : 'upstream_failed', 'No answer.', { cause })
            }
          },
        })
      },
    })
    host = await createTestHost({ manifest, plugin })
  })
  afterEach(() => host.network.restore())
  afterAll(async () => {
    await host.dispose()
    far.close()
  })
  const ask = () => host.request(agent, 'GET', '/far')

  it('is down when the test says so, for the plugin and not for the test', async () => {
    host.network.down()
    expect(await ask()).toMatchObject({ status: 502, body: { code: 'upstream_failed' } })
    host.network.restore()
    expect(await ask()).toMatchObject({ status: 200, body: 'far' })
  })

  it('is slow, and an abort signal is heard meanwhile', async () => {
    host.network.slow(60_000)
    expect(await ask()).toMatchObject({ status: 502, body: { code: 'upstream_late' } })
    host.network.slow(1)
    expect((await ask()).status).toBe(200)
  })

  it('is given back at the end', async () => {
    const other = await createTestHost({ manifest: minimalManifest(), plugin: definePlugin({ start() {} }) })
    other.network.down()
    await other.dispose()
    expect(globalThis.fetch).toBe(fetchBefore)
  })

  it('says that there is no database to fail', async () => {
    await expect(host.database.fail({ commands: ['find'] })).rejects.toThrow('has no database')
  })
})
