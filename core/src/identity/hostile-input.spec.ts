import { credentials, signedIn, startTestHost, TestClient, type TestHost } from '../composition/testing/test-host.ts'
import { tokens } from '../composition/tokens.ts'

let host: TestHost
let client: TestClient
beforeAll(async () => {
  host = await startTestHost()
  client = await signedIn(host, 'agent.br')
})
afterAll(() => host.stop())

const routes = [
  ['POST', '/api/auth/login'],
  ['POST', '/api/auth/logout'],
  ['POST', '/api/auth/activity'],
  ['POST', '/api/auth/step-up'],
  ['POST', '/api/auth/password'],
  ['POST', '/api/admin/accounts/password-reset'],
  ['POST', '/oauth/token'],
  ['PUT', '/api/me/preferences/theme'],
] as const

const bodies: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
  [
    'operators',
    JSON.stringify({ username: { $gt: '' }, password: { $gt: '' }, operation: { $ne: 1 }, value: 1, $where: '1' }),
  ],
  ['wrong types', JSON.stringify({ username: 1, password: [], totp: true, grant_type: {}, value: 1, x: 1 })],
  ['unknown members', JSON.stringify({ username: 'a', password: 'b', role: 'system-admin', value: 1 })],
  ['a list', '[]'],
  ['null', 'null'],
  ['a number', '1e400'],
  ['10 MB', JSON.stringify({ username: 'x'.repeat(10 * 1024 * 1024) })],
  ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
  ['truncated JSON', '{"username":"a'],
  ['a prototype', '{"__proto__":{"roles":["system-admin"]}}'],
  ['a member twice', '{"username":"a","username":"b"}'],
  ['500 lists in each other', `${'['.repeat(500)}${']'.repeat(500)}`],
  ['NUL bytes', '{"username":"a\u0000b"}'],
]

describe.each(routes)('%s %s', (method, path) => {
  it.each(bodies)('answers %s with a 4xx problem and changes nothing', async (_name, body) => {
    const db = host.container.get(tokens.data).core.db
    const before = await db?.collection('sessions').countDocuments({})
    const headers = { 'content-type': 'application/json', cookie: `dcesop=${client.cookies.get('dcesop')}` }
    const reply = await fetch(host.url + path, { method, body, headers }).catch((error: Error) => error)
    // A connection may be closed on a body that will not be read to its end.
    if (reply instanceof Error) return expect(body.length).toBeGreaterThan(1_000_000)
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.status).toBeLessThan(500)
    expect(reply.headers.get('content-type')).toContain('application/problem+json')
    expect(await reply.text()).not.toMatch(/node_modules|\.ts:|mongo|at \w+ \(/i)
    expect(await db?.collection('sessions').countDocuments({})).toBe(before)
    expect((await client.send('GET', '/api/auth/session')).status).toBe(200)
  })
})

describe('cookies and headers', () => {
  it.each([
    ['a broken cookie', { cookie: 'dcesop=%00%ff; =; ;;; dcesop' }],
    ['a huge cookie', { cookie: `dcesop=${'a'.repeat(7000)}` }],
    ['a made-up identity', { 'x-user-id': 'admin', 'x-region': 'br', 'x-forwarded-for': '127.0.0.1' }],
    ['an empty bearer', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Negotiate abc' }],
  ])('%s signs nobody in', async (_name, headers) => {
    expect(
      (await new TestClient(host.url).send('GET', '/api/auth/session', undefined, headers as Record<string, string>))
        .status,
    ).toBe(401)
  })

  it('does not let a page of another origin sign somebody in or out', async () => {
    const evil = { origin: 'https://evil.example' }
    expect((await client.send('POST', '/api/auth/logout', undefined, evil)).body['code']).toBe('foreign_origin')
    expect(
      (await new TestClient(host.url).send('POST', '/api/auth/login', credentials('agent2.br', host.clock), evil)).body[
        'code'
      ],
    ).toBe('foreign_origin')
    const form = await fetch(`${host.url}/api/auth/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'a', password: 'b' }),
    })
    expect(form.status).toBe(415)
    expect((await client.send('GET', '/api/auth/session')).status).toBe(200)
  })
})
