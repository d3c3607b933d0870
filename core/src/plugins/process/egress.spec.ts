import { once } from 'node:events'
import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { generate, type SelfsignedOptions } from 'selfsigned'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness
let partners: readonly Server[]
let ports: readonly number[]
const trusted = tls.getCACertificates('default')

/** Answers with what it was asked; leads away on request. */
const partner: RequestListener = (request, response) => {
  const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to')
  if (to !== null) return void response.writeHead(302, { location: to }).end()
  request.pipe(response.writeHead(200, { 'x-host': request.headers.host ?? '' }))
}

/** Each call says what came back, or the code of what went wrong. */
const start = `
  const http = require('node:http'), https = require('node:https'), net = require('node:net')
  const query = { type: 'object', additionalProperties: false, properties: { url: { type: 'string' } } }
  const codeOf = (error) => error.code ?? error.cause?.code ?? error.message
  const say = (path, work) => context.route({ method: 'GET', path, summary: 'x', query, handler: async (request) => {
    try { return { got: await work(request.query.url) } } catch (error) { return { code: codeOf(error) } }
  } })
  say('/fetch', async (url) => {
    const response = await fetch(url, url.includes('to=') ? {} : { method: 'POST', body: 'by fetch' })
    return (await response.text()) || response.status
  })
  say('/module', (url) => new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http
    const outgoing = request(url, { method: 'POST' }, async (response) => resolve(Buffer.concat(await response.toArray()).toString()))
    outgoing.on('error', reject).end('by module')
  }))
  say('/get', (url) => new Promise((resolve, reject) => {
    https.get(url, { agent: new https.Agent({ keepAlive: true }) }, (response) => resolve(response.statusCode)).on('error', reject)
  }))
  say('/often', async (url) => {
    const calls = await Promise.allSettled(Array.from({ length: 100 }, () => fetch(url)))
    return calls.filter(({ reason }) => codeOf(reason) === 'egress_refused').length
  })
  say('/raw', (url) => new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url)
    net.connect({ host, port }, () => resolve('connected')).on('error', reject)
  }))`

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  const altNames = ['127.0.0.1', '::1'].map((ip) => ({ type: 7 as const, ip }))
  const options: SelfsignedOptions = { keyType: 'ec', extensions: [{ name: 'subjectAltName', altNames }] }
  const [{ private: key, cert }, unknown] = await Promise.all([generate([], options), generate([], options)])
  // As NODE_EXTRA_CA_CERTS does for a host.
  tls.setDefaultCACertificates([...trusted, cert])
  partners = [
    createHttp(partner),
    createHttps({ key, cert }, partner),
    createHttps({ key: unknown.private, cert: unknown.cert }, partner),
    createHttps({ key, cert }, partner),
  ]
  const addresses = ['127.0.0.1', '127.0.0.1', '127.0.0.1', '::1']
  ports = await Promise.all(partners.map((server, index) => listen(server, addresses[index] as string)))
  const [plain, secure, untrusted, six] = ports
  const granted = [
    `127.0.0.1:${plain}`,
    `127.0.0.1:${secure}`,
    `127.0.0.1:${untrusted}`,
    `[::1]:${six}`,
    `localhost:${plain}`,
  ]
  data = await startData()
  harness = await Harness.start(data.data, { isolation: { default: 'process', byPlugin: {} } })
  const requests = granted.map((resource) => ({ cap: 'http:egress' as const, resource, reasonKey: 'demo.title' }))
  const routes = ['/fetch', '/module', '/get', '/often', '/raw'].map((path) => route('GET', path))
  const answer = await harness.install(await packFixture({ routes, start, manifest: { permissions: { requests } } }))
  expect(answer.status).toBe(200)
})

afterAll(async () => {
  tls.setDefaultCACertificates(trusted)
  for (const server of partners) {
    server.close()
    server.closeAllConnections()
  }
  await harness?.stop()
  await data?.stop()
})

const call = async (path: string, url: string) =>
  (await harness.call('GET', `/api/plugins/demo${path}?url=${encodeURIComponent(url)}`)).json
const at = (index: number, host = '127.0.0.1', rest = '') =>
  `http${index === 0 ? '' : 's'}://${host}:${ports[index]}/${rest}`

it.each(['fetch', 'module'])('reaches granted hosts by %s, plain and with TLS, IPv6 too', async (how) => {
  for (const url of [at(0), at(1), at(3, '[::1]')]) expect(await call(`/${how}`, url)).toEqual({ got: `by ${how}` })
})

it('reaches them by an agent of the plugin’s own', async () => {
  expect(await call('/get', at(1))).toEqual({ got: 200 })
})

it('holds certificates against what Node and the operator trust', async () => {
  for (const how of ['/fetch', '/module'])
    expect((await call(how, at(2)))['code']).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY|SIGNATURE_FAILURE/)
})

it.each(['fetch', 'module', 'get'])(
  'refuses other hosts, ports and spellings to %s with a stable code',
  async (how) => {
    const refused = { code: 'egress_refused' }
    const others = ['https://example.net/', 'https://127.0.0.1:8443/', `https://[::1]:${ports[1]}/`]
    for (const url of others) expect(await call(`/${how}`, url)).toEqual(refused)
    // One address, however it is written.
    if (how !== 'get') expect(await call(`/${how}`, at(0, '2130706433'))).toEqual({ got: `by ${how}` })
  },
)

it('refuses a granted name that leads inside, and a redirect to where it may not go', async () => {
  for (const how of ['/fetch', '/module'])
    expect(await call(how, at(0, 'localhost'))).toEqual({ code: 'egress_refused' })
  expect(await call('/fetch', at(0, '127.0.0.1', `?to=https://example.net/`))).toEqual({ code: 'egress_refused' })
  expect(await call('/fetch', at(1, '127.0.0.1', `?to=${at(0)}`))).toEqual({ got: 200 })
})

it('has no way out beside', async () => {
  const { code } = await call('/raw', at(0))
  // Namespaces have no loopback; bubblewrap gives each its own, on which nobody listens.
  const refusals: Record<string, string> = { namespaces: 'ENETUNREACH', bubblewrap: 'ECONNREFUSED' }
  const sandbox = harness.log.lines.map(({ fields }) => fields['sandbox']).find((name) => name !== undefined)
  expect(sandbox).toBeDefined()
  expect(code).toBe(refusals[String(sandbox)])
})

it('says which host does not answer, and charges the plugin for each refusal', async () => {
  partners[0]?.close()
  partners[0]?.closeAllConnections()
  // A connection that was kept may end under the first call.
  await harness.until(async () => (await call('/fetch', at(0)))['code'] === 'ECONNREFUSED')
  expect(await call('/often', 'https://example.net/')).toEqual({ got: 100 })
  await harness.until(async () => (await harness.view('demo'))['state'] === 'DEGRADED')
})
