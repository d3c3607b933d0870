import { audited, feedKey, handed, pageSources, startTestDoor, type TestDoor } from './testing/test-door.ts'

let door: TestDoor
let url: string
beforeAll(async () => {
  door = await startTestDoor()
  url = door.url
})
afterAll(() => door.stop())

const put = (body: string | Buffer, headers: Record<string, string> = {}, path = '/api/notes/7') =>
  fetch(url + path, {
    method: 'PUT',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'x-test-user': '1', 'content-type': 'application/json', ...headers },
  })

async function codeOf(response: Response): Promise<string> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const body = (await response.json()) as { code: string; status: number; traceId: string }
  expect(body.status).toBe(response.status)
  expect(body.traceId).toBe(response.headers.get('x-trace-id'))
  return body.code
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
    const answer = await put('{"text":"a"}', {}, '/api/notes/7?%ff')
    expect(await answer.json()).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('decoded') })
    expect((await put('{"text":"a"}', {}, '/api/notes/%ff')).status).toBe(400)
  })

  it('refuses types that are not declared', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      expect(await codeOf(await put('{"text":"a"}', { 'content-type': type }))).toBe('unsupported_media_type')
    }
    for (const charset of ['utf-16', 'ISO-8859-1', '"latin1"', 'utf-7']) {
      const type = `application/json; Charset=${charset}`
      expect(await codeOf(await put('{"text":"a"}', { 'content-type': type }))).toBe('unsupported_media_type')
    }
    for (const charset of ['utf-8', '"UTF-8"', 'utf8; profile="x"', 'us-ascii'])
      expect((await put('{"text":"a"}', { 'content-type': `application/json;charset=${charset}` })).status).toBe(200)
    for (const encoding of ['gzip', 'br', 'none'])
      expect(await codeOf(await put('{"text":"a"}', { 'content-encoding': encoding }))).toBe('unsupported_media_type')
  })
})

describe('who and from where', () => {
  it('asks strangers to sign in', async () => {
    const response = await fetch(`${url}/api/secret`)
    expect(response.status).toBe(401)
    expect(await codeOf(response)).toBe('not_signed_in')
    expect(audited.at(-1)).toMatchObject({
      action: 'access.denied',
      outcome: 'denied',
      actor: { kind: 'anonymous' },
      address: '127.0.0.1',
      reason: 'session',
      resource: 'GET /api/secret',
    })
  })

  it('denies what the role does not hold and records it', async () => {
    const response = await fetch(`${url}/api/secret`, { headers: { 'x-test-user': '1' } })
    expect([response.status, await codeOf(response)]).toEqual([403, 'forbidden'])
    expect(audited.at(-1)).toMatchObject({
      action: 'access.denied',
      outcome: 'denied',
      actor: { subject: 'a1' },
      address: '127.0.0.1',
      resource: 'GET /api/secret',
      reason: 'permission',
      details: { permission: 'secrets:read' },
    })
  })

  it('has on record which page tried to act for somebody, and nothing else that came with it', async () => {
    const before = audited.length
    const text = '{"text":"529.982.247-25"}'
    await put(text, { origin: 'https://evil.example', 'x-test-user': '1' })
    await put(text, { origin: 'typed 529.982.247-25', 'x-test-user': '' })
    const refused = { action: 'access.denied', outcome: 'denied', address: '127.0.0.1', reason: 'foreign_origin' }
    expect(audited.slice(before)).toMatchObject([
      { ...refused, actor: { subject: 'a1' }, details: { origin: 'https://evil.example' } },
      { ...refused, actor: { subject: 'anonymous', kind: 'anonymous' } },
    ])
    expect(audited.at(-1)?.resource).toMatch(/^PUT \/api\//)
    expect(JSON.stringify(audited.slice(before))).not.toContain('529')
  })

  it('does not fill the record with what one address sends from another origin', async () => {
    const small = await startTestDoor({
      limits: {
        requestsPerMinutePerIdentity: 100,
        requestsPerMinutePerAddress: 3,
        signInsPerMinutePerAddress: 3,
        connectionsPerAddress: 100,
      },
    })
    const before = audited.length
    const send = () =>
      fetch(`${small.url}/api/nothing`, { method: 'POST', headers: { origin: 'https://evil.example' } })
    const answers = await Promise.all(Array.from({ length: 6 }, send))
    expect(answers.map(({ status }) => status).sort()).toEqual([403, 403, 403, 429, 429, 429])
    expect(audited.length - before).toBe(3)
    await small.stop()
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
    expect((await put('{"text":"a"}', { origin: 'https://elsewhere.example', authorization: 'Bearer x' })).status).toBe(
      200,
    )
  })

  it('stops an address that tries too often', async () => {
    const statuses = []
    for (let n = 0; n < 4; n += 1) statuses.push((await fetch(`${url}/api/limited`, { method: 'POST' })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const response = await fetch(`${url}/api/limited`, {
      method: 'POST',
      headers: { 'x-forwarded-for': '203.0.113.9' },
    })
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

  it('let the page reach what plugins were granted, nothing else any more, and nobody keep a page with more', async () => {
    const granted = 'https://maps.example:8443'
    const page = async (etag = '""') => {
      const { status, headers } = await fetch(`${url}/map`, { headers: { 'if-none-match': etag } })
      return { status, etag: headers.get('etag') ?? '', policy: headers.get('content-security-policy') ?? '' }
    }
    const plain = await page()
    expect(plain.policy).not.toContain('https:')
    try {
      pageSources.connect = [granted]
      const wider = await page(plain.etag)
      expect([wider.status, wider.policy]).toEqual([
        200,
        plain.policy.replace("connect-src 'self'", `connect-src 'self' ${granted}`),
      ])
      expect(await page(wider.etag)).toMatchObject({ status: 304, policy: wider.policy })
      const elsewhere = await fetch(`${url}/api/nothing`)
      expect(elsewhere.headers.get('content-security-policy')).toBe(plain.policy)
      pageSources.connect = []
      expect(await page(wider.etag)).toEqual(plain)
    } finally {
      pageSources.connect = []
    }
  })

  it('are whole, whatever range is asked for', async () => {
    for (const range of ['items=0-9', 'bytes=0-1', 'bytes=9999999-'])
      expect((await fetch(`${url}/`, { headers: { range } })).status).toBe(200)
  })

  it('name the methods of a known path, and only of a known one', async () => {
    const known = await fetch(`${url}/api/notes/7`, { method: 'DELETE' })
    expect([known.status, known.headers.get('allow'), await codeOf(known)]).toEqual([405, 'PUT', 'method_not_allowed'])
    const read = await fetch(`${url}/api/notes/7`)
    expect([read.status, read.headers.get('allow'), await codeOf(read)]).toEqual([405, 'PUT', 'method_not_allowed'])
    expect((await fetch(`${url}/api/nothing`, { method: 'DELETE' })).status).toBe(404)
    expect((await fetch(`${url}/api/nothing`)).status).toBe(404)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuse %s for a page, and know no missing file', async (method) => {
    for (const path of ['/', '/customers/br/c_1']) {
      const page = await fetch(url + path, { method, headers: { origin: url } })
      expect([page.status, page.headers.get('allow'), await codeOf(page)]).toEqual([
        405,
        'GET, HEAD',
        'method_not_allowed',
      ])
    }
    expect((await fetch(`${url}/assets/nothing.js`, { method, headers: { origin: url } })).status).toBe(404)
  })

  it('come in time, also when what they wait for does not', async () => {
    const response = await fetch(`${url}/api/hangs`)
    expect([response.status, await codeOf(response)]).toEqual([503, 'unavailable'])
  })

  it('tell nothing about a failure of our own', async () => {
    const response = await fetch(`${url}/api/broken`)
    const text = await response.clone().text()
    expect([response.status, await codeOf(response)]).toEqual([500, 'internal_error'])
    expect(text).not.toMatch(/mongodb|pw@db|\.ts/)
  })

  it('serve the shell: pages by its index, hashed files for ever, no way out of the folder', async () => {
    const page = await fetch(`${url}/customers/br/c_1`)
    expect([page.status, page.headers.get('cache-control'), page.headers.get('content-type')]).toEqual([
      200,
      'no-cache',
      'text/html; charset=utf-8',
    ])
    expect(await page.text()).toContain('<title>shell</title>')
    expect((await fetch(`${url}/main.0123abcd.js`)).headers.get('cache-control')).toContain('immutable')
    for (const path of ['main.ffffffff.js', '.stamp', '%2estamp', '.well-known/change-password'])
      expect([path, (await fetch(`${url}/${path}`)).status]).toEqual([path, 404])
    const packed = await fetch(`${url}/main.0123abcd.js`, { headers: { 'accept-encoding': 'br' } })
    expect([packed.headers.get('content-encoding'), await packed.text()]).toEqual(['br', 'export { packed }'])
    expect(
      await door.raw('GET /..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).not.toContain('root:')
  })

  it.each(['identity', 'gzip', 'br'])('pin the key of the feed in the page, packed as %s', async (encoding) => {
    for (const path of ['/', '/index.html', '/customers/br/c_1']) {
      const page = await fetch(url + path, { headers: { 'accept-encoding': encoding } })
      expect(page.headers.get('content-encoding') ?? 'identity').toBe(encoding)
      const pin = /content="([^"]*)"/.exec(await page.text())?.[1] ?? ''
      expect(pin).not.toMatch(/[<>]/)
      const text = pin
        .replaceAll('&quot;', '"')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&')
      expect(JSON.parse(text)).toEqual(feedKey)
      const etag = page.headers.get('etag') as string
      const again = await fetch(url + path, { headers: { 'accept-encoding': encoding, 'if-none-match': etag } })
      expect([again.status, again.headers.get('etag')]).toEqual([304, etag])
      const weak = await fetch(url + path, { headers: { 'accept-encoding': encoding, 'if-none-match': `W/${etag}` } })
      expect(weak.status).toBe(304)
      expect((await fetch(url + path, { headers: { 'if-none-match': '"another"' } })).status).toBe(200)
    }
    expect((await fetch(`${url}/index.html.br`)).status).toBe(404)
  })
})

describe('a site on https', () => {
  it('says so to browsers and takes only its own origin', async () => {
    const site = await startTestDoor({ publicOrigin: 'https://console.example' })
    const send = (origin: string) =>
      fetch(`${site.url}/api/notes/7`, {
        method: 'PUT',
        body: '{"text":"a"}',
        headers: { 'x-test-user': '1', 'content-type': 'application/json', origin },
      })
    const own = await send('https://console.example')
    expect(own.status).toBe(200)
    expect(own.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
    expect((await send(site.url)).status).toBe(403)
    await site.stop()
  })
})
