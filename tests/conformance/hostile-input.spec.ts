import { connect } from 'node:net'
import { inParallel } from '../../config/scripts/lib/parallel.mjs'
import { type Client, machine, signIn } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

interface Operation {
  readonly method: string
  readonly path: string
  readonly hasBody: boolean
}

const hostileBodies: readonly [string, string | Uint8Array][] = [
  [
    'an operator instead of a text',
    JSON.stringify({ username: { $gt: '' }, password: { $gt: '' }, region: { $ne: null }, q: { $regex: '.' } }),
  ],
  ['unknown fields', JSON.stringify({ isAdmin: true, role: 'system-admin', __v: 9 })],
  ['an array', '[]'],
  ['null', 'null'],
  ['a number', '7'],
  ['truncated JSON', '{"username": "a'],
  ['nothing', ''],
  ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['a prototype', '{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}'],
  ['a name twice', '{"a": 1, "a": 2}'],
  ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['10 MB', JSON.stringify({ username: 'x'.repeat(10 * 1024 * 1024) })],
]

const hostileQueries = [
  '?q[$gt]=',
  '?q=%ff%fe',
  '?limit=-1',
  '?limit=1e999',
  '?region[$ne]=br',
  '?unknown=1',
  '?q=a&q=b',
  '?cursor=%00',
]

const hostileSegments = ['%00', '%ff', '..%2f..%2fetc%2fpasswd', '{"$gt":""}', 'x'.repeat(3000)]

describe('hostile input at every route of the OpenAPI document', () => {
  let product: Product
  let agent: Client
  let crm: Client
  let probes: Client
  let operations: Operation[]

  beforeAll(async () => {
    product = await startProduct({ env: { DCESOP_DEMO_PROGRAMS: 'none' } })
    agent = await signIn(product.url, 'agent', 'br')
    crm = await machine(product.url, 'customers:import', 'br')
    probes = await machine(product.url, 'diagnostics:ingest', 'br')
    const admin = await signIn(product.url, 'system-admin', 'br')
    operations = await readOperations(admin)
  }, 240_000)

  afterAll(async () => {
    await product?.dispose()
  })

  const callers = (): [string, Client][] => [
    ['agent', agent],
    ['crm', crm],
    ['ingest', probes],
  ]

  it('documents the routes of the core and of both plugins', () => {
    const paths = operations.map((operation) => operation.path)
    expect(paths).toEqual(
      expect.arrayContaining([
        '/api/auth/login',
        '/api/plugins/customers/search',
        '/api/plugins/diagnostics/telemetry',
      ]),
    )
    expect(operations.length).toBeGreaterThan(25)
  })

  it('answers every hostile body with a problem, never with a failure of its own', async () => {
    const attempts = operations
      .filter(({ hasBody }) => hasBody)
      .flatMap((operation) =>
        hostileBodies.flatMap(([name, body]) =>
          callers().map(([who, client]) => ({ operation, name, body, who, client })),
        ),
      )
    const wrong = await complaints(attempts, async ({ operation, name, body, who, client }) => {
      const answer = await client
        .request(operation.method, fill(operation.path), body)
        .catch((error: Error) => ({ failure: error.message }))
      const what = `${operation.method} ${operation.path} as ${who} with ${name}`
      // A server may close the connection on a body that it will not read to the end.
      if ('failure' in answer) return name === '10 MB' ? undefined : `${what}: ${answer.failure}`
      return isProblem(answer) ? undefined : `${what}: ${answer.status}`
    })
    expect(wrong).toEqual([])
  }, 300_000)

  it('answers every hostile query and path with a problem or a plain answer, never with a failure', async () => {
    const attempts = operations
      .filter(({ method }) => method === 'GET')
      .flatMap(({ path }) => [
        ...hostileQueries.flatMap((query) =>
          callers().map(([who, client]) => ({ path: fill(path) + query, who, client })),
        ),
        ...hostileSegments.map((value) => ({
          path: path.replaceAll(/\{[^}]+\}/g, encodeIfNeeded(value)),
          who: 'agent',
          client: agent,
        })),
      ])
    const wrong = await complaints(attempts, async ({ path, who, client }) => {
      const { status } = await client.request('GET', path)
      return status >= 500 ? `GET ${path.slice(0, 200)} as ${who}: ${status}` : undefined
    })
    expect(wrong).toEqual([])
  }, 300_000)

  it('refuses a content type that is not declared, and a method that is not there', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await agent.request('POST', '/api/auth/login', 'username=a&password=b', { 'content-type': type })
      expect([400, 415]).toContain(answer.status)
    }
    const answer = await agent.request('DELETE', '/api/auth/login')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toContain('POST')
  })

  it('closes a stalled body and a stalled header, and goes on serving', async () => {
    const { hostname, port } = new URL(product.url)
    const stalled = [
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"user',
      'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ',
    ].map(
      (bytes) =>
        new Promise<void>((resolve) => {
          const socket = connect(Number(port), hostname, () => socket.write(bytes))
          socket.on('close', () => resolve())
          socket.on('error', () => resolve())
          socket.resume()
        }),
    )
    expect((await agent.request('GET', '/healthz')).status).toBe(200)
    await Promise.all(stalled)
  })

  it('is still ready, and no answer told what it runs on', async () => {
    const ready = await agent.request('GET', '/readyz')
    expect(ready.status).toBe(200)
    const failed = await agent.request('POST', '/api/auth/login', '{')
    expect(JSON.stringify(failed.body)).not.toMatch(/node_modules|\.ts:|mongo|stack/i)
    expect(failed.headers.get('server')).toBeNull()
    expect(failed.headers.get('x-powered-by')).toBeNull()
  })
})

/** Several attempts are under way at once: each denial waits for its audit record, and the records are written in groups. */
async function complaints<T>(attempts: T[], judge: (attempt: T) => Promise<string | undefined>): Promise<string[]> {
  const found = await inParallel(
    attempts.map((attempt) => () => judge(attempt)),
    16,
  )
  return found.filter((complaint) => complaint !== undefined)
}

function isProblem(answer: { status: number; headers: Headers; body: Record<string, unknown> }): boolean {
  const type = answer.headers.get('content-type') ?? ''
  return (
    answer.status >= 400 &&
    answer.status < 500 &&
    type.startsWith('application/problem+json') &&
    typeof answer.body['code'] === 'string'
  )
}

async function readOperations(client: Client): Promise<Operation[]> {
  const { body } = await client.request<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/openapi.json')
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        hasBody: Object.hasOwn(operation as object, 'requestBody'),
      })),
  )
}

const fill = (path: string) => path.replaceAll('{region}', 'br').replaceAll(/\{[^}]+\}/g, 'unknown-id')

const encodeIfNeeded = (value: string) =>
  value.startsWith('%') || value.includes('%2f') ? value : encodeURIComponent(value)
