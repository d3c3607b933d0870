import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
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

/** What callers of a plugin notice, wherever its code runs. @param change to the host */
export function requestSuite(change: Partial<PluginHostDeps>): void {
  let data: Awaited<ReturnType<typeof startData>>
  let harness: Harness

  beforeAll(async () => {
    data = await startData()
    harness = await Harness.start(data.data, change)
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
    const installed = await harness.install(await packFixture({ routes, start: source }))
    if (installed.status !== 200) throw new Error(installed.text)
  }, 30_000)

  afterAll(async () => {
    await harness.stop()
    await data.stop()
  })

  const at = (path: string) => `/api/plugins/demo${path}`

  describe('who gets through', () => {
    it('asks for a sign-in first, also where there is no plugin', async () => {
      expect(await harness.call('GET', at('/list'), { as: '' })).toMatchObject({
        status: 401,
        json: { code: 'not_signed_in' },
      })
      expect((await harness.call('GET', '/api/plugins/nothing/x', { as: '' })).status).toBe(401)
    })

    it('refuses without the permission of the route, and records the denial', async () => {
      expect(await harness.call('GET', at('/secret'))).toMatchObject({ status: 403, json: { code: 'forbidden' } })
      expect(harness.audit.records.at(-1)).toMatchObject({
        action: 'access.denied',
        outcome: 'denied',
        actor: { subject: 'agent', sessionId: 's-agent' },
        reason: 'demo:secret',
        resource: 'GET /api/plugins/demo/secret',
        plugin: 'demo',
      })
    })

    it('knows no region of others, and records who asks for one', async () => {
      expect(await harness.call('GET', at('/of/br/x'))).toMatchObject({ status: 200, json: { region: 'br' } })
      const denial = { action: 'access.denied', outcome: 'denied', reason: 'region', plugin: 'demo' }
      for (const [region, known] of [
        ['co', 'co'],
        ['%63o', 'co'],
        ['BR', undefined],
      ]) {
        const answer = await harness.call('GET', at(`/of/${region}/x`))
        expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } })
        expect(harness.audit.records.at(-1)).toMatchObject(denial)
        expect(harness.audit.records.at(-1)?.region).toBe(known)
      }
    })

    it('counts a request as activity unless the client or the route says otherwise', async () => {
      const { activities } = harness.authenticator
      await harness.call('GET', at('/list'))
      await harness.call('GET', at('/list'), { headers: { 'x-dcesop-background': '1' } })
      await harness.call('GET', at('/poll'))
      expect(activities.slice(-3)).toEqual([true, false, false])
    })

    it('keeps session secrets from plugins', async () => {
      const { json } = await harness.call('GET', at('/poll'), {
        headers: { cookie: 'dcesop=secret', authorization: 'Bearer secret' },
      })
      expect(json).toMatchObject({
        cookie: null,
        authorization: null,
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      })
    })

    it('writes the audit record of a handler under the identity that the host knows', async () => {
      expect((await harness.call('POST', at('/audited'), { body: {} })).status).toBe(400)
      expect((await harness.call('POST', at('/audited'))).status).toBe(204)
      expect(harness.audit.records.at(-1)).toMatchObject({
        action: 'demo.look',
        region: 'br',
        actor: { subject: 'agent' },
        plugin: 'demo',
        outcome: 'allowed',
      })
    })
  })

  describe('where a request goes', () => {
    it('tells an unknown plugin from an unknown address', async () => {
      expect(await harness.call('GET', '/api/plugins/nothing/x')).toMatchObject({
        status: 404,
        json: { code: 'plugin_not_found' },
      })
      expect(await harness.call('GET', at('/nothing'))).toMatchObject({ status: 404, json: { code: 'not_found' } })
    })

    it('names the methods of an address', async () => {
      const answer = await harness.call('DELETE', at('/list'))
      expect(answer).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } })
      expect(answer.headers['allow']).toBe('GET, HEAD')
    })

    it('keeps an encoded slash within its segment', async () => {
      expect((await harness.call('GET', at('/items/a%2Fb'))).json).toEqual({ id: 'a/b' })
      expect((await harness.call('GET', at('/items/a/b'))).status).toBe(404)
      expect((await harness.call('GET', '/api/plugins/demo%2Flist')).status).toBe(404)
      expect((await harness.call('GET', at('/items/%E0%A4%A'))).status).toBe(400)
    })

    it('reads dot segments and needless encodings as the core does', async () => {
      expect((await harness.call('GET', '/api/plugins/x/../demo/./items/%61')).json).toEqual({ id: 'a' })
      expect((await harness.call('GET', '/api/plugins/demo/../../plugins/demo/items/a')).json).toEqual({ id: 'a' })
      expect((await harness.call('GET', '/api/plugins/../nothing')).status).toBe(404)
    })

    it('asks for the body of a client that waits, and only of one that may send it', async () => {
      const waiting = { expect: '100-continue' }
      expect(await harness.call('POST', at('/echo'), { body: { name: 'x' }, headers: waiting })).toMatchObject({
        status: 200,
        json: { name: 'x' },
      })
      const refused = { raw: '{"name":"x"}', headers: { ...waiting, 'content-type': 'text/csv' } }
      expect((await harness.call('POST', at('/echo'), refused)).status).toBe(415)
    })

    it('answers HEAD without a body', async () => {
      expect(await harness.call('HEAD', at('/list'))).toMatchObject({ status: 200, text: '' })
    })

    it('marks every answer as private data', async () => {
      for (const path of ['/list', '/throws', '/nothing', '/secret']) {
        expect((await harness.call('GET', at(path))).headers['cache-control']).toBe('no-store')
      }
      const { headers } = await harness.call('GET', at('/list'))
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      })
    })
  })

  describe('how data is answered', () => {
    it('is whole whatever part is asked for: data has none', async () => {
      for (const range of ['items=0-9', 'bytes=0-1', 'bytes=9999999-']) {
        for (const path of ['/data', '/built'])
          expect(await harness.call('GET', at(path), { headers: { range } })).toMatchObject({
            status: 200,
            json: { text: 'ação' },
          })
      }
    })

    it('is the same whether a handler returns it or builds an answer of it', async () => {
      const [data, built] = [await harness.call('GET', at('/data')), await harness.call('GET', at('/built'))]
      expect({ status: data.status, text: data.text }).toEqual({ status: 200, text: built.text })
      const told = ({ headers }: typeof data) =>
        Object.entries(headers).filter(([name]) => !['date', 'x-trace-id', 'accept-ranges'].includes(name))
      expect(told(data).sort()).toEqual(told(built).sort())
      expect(data.headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/)
    })

    it('is compressed when it is large and the client takes that', async () => {
      const plain = await harness.call('GET', at('/large'))
      const packed = await harness.call('GET', at('/large'), { headers: { 'accept-encoding': 'gzip' } })
      expect(plain).toMatchObject({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } })
      expect(JSON.parse(plain.text)).toHaveLength(500)
      expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' })
    })

    it('leaves what is no data, or cannot be written, to the rest of the way', async () => {
      expect(await harness.call('GET', at('/text'))).toMatchObject({ status: 200, text: 'text' })
      expect(await harness.call('GET', at('/nothing-to-say'))).toMatchObject({ status: 204, text: '' })
      expect(await harness.call('GET', at('/circle'))).toMatchObject({ status: 500, json: { code: 'internal_error' } })
      expect(await harness.call('HEAD', at('/data'))).toMatchObject({ status: 200, text: '' })
    })
  })

  describe('what a request may contain', () => {
    const post = (raw: string | Buffer, headers = {}) => harness.call('POST', at('/echo'), { raw, headers })

    it('takes what the schema says', async () => {
      expect(await post('{"name":"x","tags":["a"]}')).toMatchObject({ status: 200, json: { name: 'x', tags: ['a'] } })
      expect((await harness.call('GET', at('/list?limit=5&q=a'))).json).toEqual({ limit: 5, q: 'a' })
    })

    it.each([
      ['an operator in place of a text', '{"name":{"$gt":""}}', 'invalid_request'],
      ['an unknown field', '{"name":"x","role":"admin"}', 'invalid_request'],
      ['a missing field', '{}', 'invalid_request'],
      ['a number, not coerced', '{"name":5}', 'invalid_request'],
      ['truncated JSON', '{"name":"x"', 'malformed_json'],
      ['nothing', '', 'malformed_json'],
      ['a prototype', '{"name":"x","__proto__":{"admin":true}}', 'forbidden_key'],
      [
        'broken UTF-8',
        Buffer.from([...Buffer.from('{"name":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
        'malformed_encoding',
      ],
    ])('refuses %s', async (_name, raw, code) => {
      expect(await post(raw)).toMatchObject({
        status: 400,
        json: { code },
        headers: { 'content-type': 'application/problem+json' },
      })
    })

    it('names each mistake with its place, and never the value', async () => {
      const { json, text } = await post('{"name":5,"tags":["ok",{"$ne":"hunter2"}],"extra":"hunter2"}')
      expect(json['errors']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ pointer: '/name', code: 'type' }),
          expect.objectContaining({ pointer: '/tags/1', code: 'type' }),
          expect.objectContaining({ code: 'additionalProperties' }),
        ]),
      )
      expect(text).not.toContain('hunter2')
    })

    it.each(['?q[$gt]=', '?limit=abc', '?limit=0', '?unknown=1', '?q=a&q=b'])('refuses the query %s', async (query) => {
      expect(await harness.call('GET', at(`/list${query}`))).toMatchObject({
        status: 400,
        json: { code: 'invalid_request' },
      })
    })

    it('refuses what is too large, announced or not, packed or not', async () => {
      const large = JSON.stringify({ name: 'x'.repeat(2000) })
      expect((await post(large)).status).toBe(413)
      expect((await post(gzipSync(large), { 'content-encoding': 'gzip' })).status).toBe(413)
      expect(
        (await harness.call('POST', at('/echo'), { raw: large, headers: { 'transfer-encoding': 'chunked' } })).status,
      ).toBe(413)
    })

    it('takes only the declared media types', async () => {
      expect(await post('name=x', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
        status: 415,
      })
      expect(await post('{"name":"x"}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
      expect(await post('{"name":"x"}', { 'content-type': 'application/x-ndjson' })).toMatchObject({ status: 415 })
    })

    it('refuses a change that a page of another origin sends', async () => {
      expect(await post('{"name":"x"}', { origin: 'http://evil.example' })).toMatchObject({
        status: 403,
        json: { code: 'foreign_origin' },
      })
    })

    it('hands a stream over within its limit, unpacked', async () => {
      const type = { 'content-type': 'application/x-ndjson' }
      const lines = '{"a":1}\n'.repeat(500)
      expect((await harness.call('POST', at('/ingest'), { raw: lines, headers: type })).json).toEqual({ bytes: 4000 })
      expect(
        (
          await harness.call('POST', at('/ingest'), {
            raw: gzipSync(lines),
            headers: { ...type, 'content-encoding': 'gzip' },
          })
        ).json,
      ).toEqual({ bytes: 4000 })
      const bomb = gzipSync('x'.repeat(5_000_000))
      expect(
        (await harness.call('POST', at('/ingest'), { raw: bomb, headers: { ...type, 'content-encoding': 'gzip' } }))
          .status,
      ).toBe(413)
      expect(
        (
          await harness.call('POST', at('/ingest'), {
            raw: 'not gzip',
            headers: { ...type, 'content-encoding': 'gzip' },
          })
        ).status,
      ).toBe(400)
    })
  })

  describe('when a handler fails', () => {
    it('answers 500 with a trace id and nothing of the error, and charges the plugin in the log', async () => {
      const { status, json, text } = await harness.call('GET', at('/throws'))
      expect({ status, code: json['code'] }).toEqual({ status: 500, code: 'internal_error' })
      expect(text).not.toContain('the handler broke')
      const line = harness.log.lines.find(({ fields }) => fields['traceId'] === json['traceId'])
      expect(line).toMatchObject({ level: 'error', fields: { plugin: 'demo', err: { message: 'the handler broke' } } })
    })

    it('passes a problem on as it is', async () => {
      expect(await harness.call('GET', at('/refuses'))).toMatchObject({
        status: 409,
        json: { code: 'demo_conflict', detail: 'It is so already.' },
      })
    })

    it('ends a handler at its time limit with 504 and its signal', async () => {
      expect(await harness.call('GET', at('/slow'))).toMatchObject({ status: 504, json: { code: 'time_limit' } })
      expect(
        harness.log.lines.some(({ message, fields }) => message === 'signal seen' && fields['plugin'] === 'demo'),
      ).toBe(true)
    })

    it('goes on serving after a client that sent half a body and left', async () => {
      const { port } = new URL(harness.origin)
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        `POST ${at('/ingest')} HTTP/1.1\r\nhost: x\r\nx-user: agent\r\ncontent-type: application/x-ndjson\r\ncontent-length: 100\r\n\r\nhalf`,
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
      socket.destroy()
      expect((await harness.call('GET', at('/list'))).status).toBe(200)
    })
  })
}
