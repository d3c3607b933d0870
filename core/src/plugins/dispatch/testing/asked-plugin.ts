import { packFixture, route } from '../../testing/fixture-plugin.ts'
import { Harness, startData } from '../../testing/harness.ts'
import type { PluginHostDeps } from '../../host-types.ts'

const source = `
const body = { type: 'object', additionalProperties: false, required: ['name'], properties: { name: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } } }
const query = { type: 'object', additionalProperties: false, properties: { limit: { type: 'integer', minimum: 1 }, q: { type: 'string' } } }
const say = (method, path, handler, more = {}) => context.route({ method, path, summary: 'x', handler, ...more })
say('POST', '/echo', (request) => request.payload, { body })
say('GET', '/list', (request) => request.query, { query })
say('GET', '/items/{id}', (request) => ({ id: request.params.id }))
say('GET', '/of/{region}/x', (request) => request.params)
say('GET', '/data', () => ({ text: 'ação', list: [1, null], at: new Date(0) }))
say('GET', '/built', (request, h) => h.response({ text: 'ação', list: [1, null], at: new Date(0) }))
say('GET', '/large', () => Array.from({ length: 500 }, (_, n) => ({ n })))
say('GET', '/text', () => 'text')
say('GET', '/nothing-to-say', () => null)
say('GET', '/circle', () => { const circle = {}; circle.circle = circle; return circle })
say('GET', '/secret', () => ({ ok: true }))
say('GET', '/throws', () => { throw new TypeError('the handler broke') })
say('GET', '/refuses', () => { throw new sdk.Problem(409, 'demo_conflict', 'It is so already.') })
say('GET', '/slow', (request) => new Promise((resolve, reject) => request.signal.addEventListener('abort', () => { context.log.info({}, 'signal seen'); reject(request.signal.reason) })))
say('GET', '/poll', (request) => ({ cookie: request.headers.cookie ?? null, authorization: request.headers.authorization ?? null, traceId: request.traceId }))
say('POST', '/audited', async (request) => { await request.audit({ action: 'demo.look', region: 'br', resource: 'r1' }); return null })
say('POST', '/ingest', async (request) => { let bytes = 0; for await (const chunk of request.payload) bytes += chunk.length; return { bytes } })
`

const routes = [
  route('POST', '/echo', { maxBytes: 1000 }),
  route('GET', '/list'),
  route('GET', '/items/{id}'),
  route('GET', '/of/{region}/x'),
  ...['/data', '/built', '/large', '/text', '/nothing-to-say', '/circle'].map((path) => route('GET', path)),
  route('GET', '/secret', { permission: 'demo:secret' }),
  route('GET', '/throws'),
  route('GET', '/refuses'),
  route('GET', '/slow', { timeoutMs: 200 }),
  route('GET', '/poll', { activity: false }),
  route('POST', '/audited'),
  route('POST', '/ingest', { streaming: true, accepts: ['application/x-ndjson'], maxBytes: 5000 }),
]

/** A host with a plugin that answers in many ways; for the time of the suite. */
export interface Asked {
  readonly harness: Harness
  /** The address of a path of the plugin. */
  at(path: string): string
}

/** @param change to the host */
export function askedPlugin(change: Partial<PluginHostDeps>): Asked {
  let data: Awaited<ReturnType<typeof startData>>
  let harness: Harness

  beforeAll(async () => {
    data = await startData()
    harness = await Harness.start(data.data, change)
    const installed = await harness.install(await packFixture({ routes, start: source }))
    if (installed.status !== 200) throw new Error(installed.text)
  })

  afterAll(async () => {
    await harness.stop()
    await data.stop()
  })

  return {
    get harness() {
      return harness
    },
    at: (path) => `/api/plugins/demo${path}`,
  }
}
