import type { Identity } from '@dcesop/sdk-plugin'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpConfig } from '../config/config.ts'
import { createLog } from '../observability/log.ts'
import { RequestMetrics } from '../observability/request-metrics.ts'
import type { AuditRecord, CoreRoutes } from '../ports.ts'
import { addRoute, identityOf } from './core-route.ts'
import { FrontDoor } from './front-door.ts'
import { RateLimits } from './rate-limits.ts'
import { shellRoutes } from './static-shell.ts'

const shell = mkdtempSync(join(tmpdir(), 'dcesop-shell-'))
const config: HttpConfig = {
  host: '127.0.0.1',
  port: 0,
  publicOrigin: null,
  headersTimeoutMs: 400,
  bodyTimeoutMs: 900,
  connectionsCheckingIntervalMs: 100,
  keepAliveTimeoutMs: 5000,
  maxHeaderBytes: 8192,
  drainMs: 2000,
  shellDirectory: shell,
  limits: { requestsPerMinutePerIdentity: 100_000, requestsPerMinutePerAddress: 100_000, signInsPerMinutePerAddress: 3 },
}
const agent: Identity = {
  subject: 'a1',
  kind: 'employee',
  displayName: 'A',
  roles: ['agent'],
  permissions: new Set(['notes:write']),
  regions: ['br'],
  locale: 'es',
  sessionId: 's1',
}
const audited: AuditRecord[] = []
const handed: unknown[] = []

const notes: CoreRoutes = {
  register(server) {
    addRoute<{ Params: { id: number }; Payload: unknown }>(server, {
      method: 'PUT',
      path: '/api/notes/{id}',
      summary: 'Keeps a note.',
      access: { permission: 'notes:write' },
      maxBytes: 1024,
      params: { type: 'object', additionalProperties: false, required: ['id'], properties: { id: { type: 'integer' } } },
      body: { type: 'object', additionalProperties: false, required: ['text'], properties: { text: { type: 'string' } } },
      handler(request) {
        handed.push([identityOf(request).subject, request.params.id, request.payload])
        return { kept: true }
      },
    })
    for (const [path, pauseMs] of [['/api/upload', 0], ['/api/upload-slowly', 2000]] as const) {
      addRoute<{ Payload: Readable }>(server, {
        method: 'POST',
        path,
        summary: 'Reads a long body.',
        access: 'public',
        payload: 'stream',
        maxBytes: 1_000_000,
        async handler(request) {
          await new Promise((resolve) => setTimeout(resolve, pauseMs))
          let bytes = 0
          for await (const chunk of request.payload) bytes += (chunk as Buffer).length
          return { bytes }
        },
      })
    }
    addRoute(server, { method: 'GET', path: '/api/secret', summary: 'Secret.', access: { permission: 'secrets:read' }, handler: () => 'x' })
    addRoute(server, {
      method: 'GET',
      path: '/api/broken',
      summary: 'Throws.',
      access: 'public',
      handler() {
        throw new Error('connect mongodb://user:pw@db failed')
      },
    })
  },
}

let door: FrontDoor
let port: number
let url: string

beforeAll(async () => {
  writeFileSync(join(shell, 'index.html'), '<!doctype html><title>shell</title>')
  writeFileSync(join(shell, 'main.0123abcd.js'), 'export {}')
  const limits = new RateLimits(config.limits)
  const limited: CoreRoutes = {
    register: (server) => addRoute(server, { method: 'POST', path: '/api/limited', summary: 'Few.', access: 'public', handler: (request) => limits.signIn(request.raw.req).then(() => 'ok') }),
  }
  door = await FrontDoor.create({
    config,
    log: createLog('silent'),
    metrics: new RequestMetrics(() => []),
    limits,
    audit: { append: async (record) => void audited.push(record) },
    policy: { allows: (identity, { permission }) => identity.permissions.has(permission), define: () => ({ dispose: () => undefined }) },
    authenticator: { authenticate: async (request) => (request.headers['x-test-user'] || request.headers.authorization ? agent : undefined) },
    routes: [notes, limited, shellRoutes(shell)],
  })
  port = await door.listen()
  url = `http://127.0.0.1:${port}`
})

afterAll(async () => {
  await door.drain()
  rmSync(shell, { recursive: true })
})

const put = (body: string | Buffer, headers: Record<string, string> = {}, path = '/api/notes/7') =>
  fetch(url + path, { method: 'PUT', body: new Uint8Array(Buffer.from(body)), headers: { 'x-test-user': '1', 'content-type': 'application/json', ...headers } })

async function codeOf(response: Response): Promise<string> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const body = (await response.json()) as { code: string; status: number; traceId: string }
  expect(body.status).toBe(response.status)
  expect(body.traceId).toBe(response.headers.get('x-trace-id'))
  return body.code
}

/** Writes bytes and waits until the server closes. @returns what came back and after how long, ms */
function raw(bytes: string, meanwhile: (socket: Socket) => void = () => undefined): Promise<{ text: string; ms: number }> {
  return new Promise((resolve) => {
    const started = performance.now()
    let text = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      meanwhile(socket)
    })
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve({ text, ms: performance.now() - started }))
  })
}

describe('input', () => {
  it('hands validated input to the handler', async () => {
    const response = await put('{"text":"hola"}')
    expect(response.status).toBe(200)
    expect(handed.at(-1)).toEqual(['a1', 7, { text: 'hola' }])
  })

  it.each([
    ['an operator', '{"text":{"$gt":""}}', 'invalid_request'],
    ['an unknown member', '{"text":"a","admin":true}', 'invalid_request'],
    ['a list', '[]', 'invalid_request'],
    ['truncated JSON', '{"text":"a', 'malformed_json'],
    ['nothing', '', 'malformed_json'],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'malformed_encoding'],
    ['a member twice', '{"text":"a","te\\u0078t":"b"}', 'duplicate_key'],
    ['a prototype', '{"text":"a","__proto__":{"x":1}}', 'forbidden_key'],
    ['20,000 lists in each other', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'payload_too_large'],
  ])('refuses %s', async (_name, body, code) => {
    const before = handed.length
    const response = await put(body)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(await codeOf(response)).toBe(code)
    expect(handed).toHaveLength(before)
  })

  it('refuses a path that is not what the schema says, and unknown or repeated query members', async () => {
    expect(await codeOf(await put('{"text":"a"}', {}, '/api/notes/seven'))).toBe('invalid_request')
    expect(await codeOf(await put('{"text":"a"}', {}, '/api/notes/7?admin=1'))).toBe('invalid_request')
    expect((await put('{"text":"a"}', {}, '/api/notes/%ff')).status).toBe(400)
  })

  it('refuses types that are not declared', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      expect(await codeOf(await put('{"text":"a"}', { 'content-type': type }))).toBe('unsupported_media_type')
    }
  })
})

describe('who and from where', () => {
  it('asks strangers to sign in', async () => {
    const response = await fetch(`${url}/api/secret`)
    expect(response.status).toBe(401)
    expect(await codeOf(response)).toBe('not_signed_in')
  })

  it('denies what the role does not hold and records it', async () => {
    const response = await fetch(`${url}/api/secret`, { headers: { 'x-test-user': '1' } })
    expect([response.status, await codeOf(response)]).toEqual([403, 'forbidden'])
    expect(audited.at(-1)).toMatchObject({ action: 'access.denied', outcome: 'denied', actor: { subject: 'a1' }, details: { permission: 'secrets:read' } })
  })

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
  ])('a state change with %j answers %i', async (headers, status) => {
    expect((await put('{"text":"a"}', headers as Record<string, string>)).status).toBe(status)
  })

  it('takes the own origin, and does not ask machines for one', async () => {
    expect((await put('{"text":"a"}', { origin: url })).status).toBe(200)
    expect((await put('{"text":"a"}', { origin: 'https://elsewhere.example', authorization: 'Bearer x' })).status).toBe(200)
  })

  it('stops an address that tries too often', async () => {
    const statuses = []
    for (let n = 0; n < 4; n += 1) statuses.push((await fetch(`${url}/api/limited`, { method: 'POST' })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const response = await fetch(`${url}/api/limited`, { method: 'POST', headers: { 'x-forwarded-for': '203.0.113.9' } })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await codeOf(response)).toBe('too_many_requests')
  })
})

describe('answers', () => {
  it('carry the security headers, errors and files included', async () => {
    for (const path of ['/', '/api/secret', '/api/nothing', '/api/broken']) {
      const { headers } = await fetch(url + path)
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/)
      expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null])
    }
  })

  it('name the methods of a known path, and only of a known one', async () => {
    const known = await fetch(`${url}/api/notes/7`, { method: 'DELETE' })
    expect([known.status, known.headers.get('allow'), await codeOf(known)]).toEqual([405, 'PUT', 'method_not_allowed'])
    expect((await fetch(`${url}/api/nothing`, { method: 'DELETE' })).status).toBe(404)
    expect((await fetch(`${url}/api/nothing`)).status).toBe(404)
  })

  it('tell nothing about a failure of our own', async () => {
    const response = await fetch(`${url}/api/broken`)
    const text = await response.clone().text()
    expect([response.status, await codeOf(response)]).toEqual([500, 'internal_error'])
    expect(text).not.toMatch(/mongodb|pw@db|\.ts/)
  })

  it('serve the shell: pages by its index, hashed files for ever, no way out of the folder', async () => {
    const page = await fetch(`${url}/customers/br/c_1`)
    expect([page.status, page.headers.get('cache-control'), await page.text()]).toEqual([200, 'no-cache', '<!doctype html><title>shell</title>'])
    expect((await fetch(`${url}/main.0123abcd.js`)).headers.get('cache-control')).toContain('immutable')
    expect((await fetch(`${url}/main.ffffffff.js`)).status).toBe(404)
    expect((await raw('GET /..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).text).not.toContain('root:')
  })
})

describe('connections', () => {
  it.each([
    ['garbage', 'NOT HTTP\r\n\r\n', '400'],
    ['two lengths', 'POST /api/limited HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', '400'],
    ['a length and chunks', 'POST /api/limited HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
  ])('answer %s with a problem and close', async (_name, bytes, status) => {
    const { text } = await raw(bytes)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text).toContain('application/problem+json')
  })

  it('close stalled headers and stalled bodies', async () => {
    const [header, body] = await Promise.all([
      raw('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '),
      raw('PUT /api/notes/7 HTTP/1.1\r\nHost: x\r\nX-Test-User: 1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"te'),
    ])
    expect(header.text).toMatch(/^HTTP\/1.1 408 /)
    expect(body.text).toMatch(/^HTTP\/1.1 408 /)
  }, 20_000)

  it('close bodies that trickle, but not one that the host itself holds back', async () => {
    const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n`
    const trickle = raw(head('/api/upload'), (socket) => {
      const timer = setInterval(() => socket.write(' '), 100)
      socket.on('close', () => clearInterval(timer))
    })
    const whole = raw(`${head('/api/upload-slowly')}${' '.repeat(500_000)}`)
    expect((await trickle).text).toMatch(/^HTTP\/1.1 408 /)
    expect((await whole).text).toMatch(/^HTTP\/1.1 200 /)
  }, 20_000)
})
