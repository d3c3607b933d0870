import { demo, startTestHost, TestClient, type TestHost } from '../composition/testing/test-host.ts'
import { tokens } from '../composition/tokens.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost()
})
afterAll(() => host.stop())

const metrics = demo.machineClients.find(({ clientId }) => clientId === 'metrics')
const ingest = demo.machineClients.find(({ clientId }) => clientId === 'ingest-br')
const ask = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${host.url}/oauth/token`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
const form = (fields: Record<string, string | undefined>) =>
  new URLSearchParams(fields as Record<string, string>).toString()
const grant = { grant_type: 'client_credentials' }

async function tokenOf(client: typeof metrics, scope?: string): Promise<string> {
  const response = await ask(
    form({ ...grant, client_id: client?.clientId, client_secret: client?.clientSecret, ...(scope ? { scope } : {}) }),
  )
  const body = (await response.json()) as { access_token: string }
  return body.access_token
}

const read = (path: string, token: string) =>
  new TestClient(host.url).send('GET', path, undefined, { authorization: `Bearer ${token}` })

describe('POST /oauth/token', () => {
  it('gives a bearer token for a quarter of an hour, by body, JSON or Basic authentication', async () => {
    const { clientId, clientSecret } = metrics as NonNullable<typeof metrics>
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const replies = [
      await ask(form({ ...grant, client_id: clientId, client_secret: clientSecret })),
      await ask(form(grant), { authorization: basic }),
      await ask(JSON.stringify({ ...grant, client_id: clientId, client_secret: clientSecret }), {
        'content-type': 'application/json',
      }),
    ]
    for (const reply of replies) {
      expect(reply.status).toBe(200)
      expect(reply.headers.get('cache-control')).toBe('no-store')
      expect(await reply.json()).toMatchObject({
        token_type: 'Bearer',
        expires_in: 900,
        scope: 'platform.metrics:read',
      })
    }
  })

  it('takes one way to authenticate, and asks for Basic again from who used it', async () => {
    const { clientId, clientSecret } = metrics as NonNullable<typeof metrics>
    const basic = (secret: string) => ({
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
    })
    for (const also of [
      { client_id: clientId, client_secret: clientSecret },
      { client_secret: 'x' },
      { client_id: 'other' },
    ]) {
      const both = await ask(form({ ...grant, ...also }), basic(clientSecret))
      expect([both.status, await both.json()]).toMatchObject([
        400,
        { error: 'invalid_request', code: 'invalid_request' },
      ])
    }
    expect((await ask(form({ ...grant, client_id: clientId }), basic(clientSecret))).status).toBe(200)
    const challenge = async (body: object, headers = {}) => {
      const refused = await ask(form({ ...grant, ...body }), headers)
      return [refused.status, refused.headers.get('www-authenticate')]
    }
    expect(await challenge({}, basic('wrong'))).toEqual([401, 'Basic realm="dcesop", charset="UTF-8"'])
    expect(await challenge({}, { authorization: 'Basic !' })).toEqual([401, 'Basic realm="dcesop", charset="UTF-8"'])
    expect(await challenge({ client_id: clientId, client_secret: 'wrong' })).toEqual([401, 'Bearer realm="dcesop"'])
  })

  it('lets a machine do what its scopes say, and nothing else, until the time is over', async () => {
    const token = await tokenOf(metrics)
    const answer = await read('/metrics', token)
    expect([answer.status, answer.body['text']]).toEqual([
      200,
      expect.stringContaining('dcesop_http_request_seconds_bucket'),
    ])
    expect((await read('/api/admin/audit', token)).body['code']).toBe('forbidden')
    expect((await read('/metrics', await tokenOf(ingest))).body['code']).toBe('forbidden')
    host.clock.advance(901)
    expect((await read('/metrics', token)).body['code']).toBe('not_signed_in')
  })

  it('gives fewer scopes when fewer are asked for, never more', async () => {
    const response = await ask(
      form({ ...grant, client_id: ingest?.clientId, client_secret: ingest?.clientSecret, scope: 'diagnostics:ingest' }),
    )
    expect(await response.json()).toMatchObject({ scope: 'diagnostics:ingest' })
    const more = await ask(
      form({
        ...grant,
        client_id: ingest?.clientId,
        client_secret: ingest?.clientSecret,
        scope: 'diagnostics:ingest platform.audit:read',
      }),
    )
    expect([more.status, await more.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_scope', error: 'invalid_scope' }),
    ])
  })

  it.each([
    ['a wrong secret', { ...grant, client_id: 'metrics', client_secret: 'wrong' }, 401, 'invalid_client'],
    ['an unknown client', { ...grant, client_id: 'ghost', client_secret: 'wrong' }, 401, 'invalid_client'],
    ['no client', grant, 401, 'invalid_client'],
    [
      'another grant',
      { grant_type: 'password', client_id: 'metrics', client_secret: 'x' },
      400,
      'unsupported_grant_type',
    ],
    ['no grant', { client_id: 'metrics' }, 400, 'invalid_request'],
    ['an empty grant', { grant_type: '', client_id: 'metrics' }, 400, 'invalid_request'],
    ['another grant with its own fields', { grant_type: 'password', username: 'a' }, 400, 'unsupported_grant_type'],
  ])('refuses %s', async (_name, fields, status, code) => {
    const response = await ask(form(fields as Record<string, string>))
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code, error: code })])
  })

  it('ignores fields that it does not know, and those without a value', async () => {
    const { clientId, clientSecret } = metrics as NonNullable<typeof metrics>
    const fields = {
      ...grant,
      client_id: clientId,
      client_secret: clientSecret,
      scope: '',
      audience: 'x',
      resource: '',
    }
    const response = await ask(form(fields))
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ scope: 'platform.metrics:read' }),
    ])
    // Of JSON, which is no form of the RFC, every member is known.
    const json = await ask(JSON.stringify(fields), { 'content-type': 'application/json' })
    expect(await json.json()).toMatchObject({ code: 'invalid_request', error: 'invalid_request' })
  })

  it('refuses fields that are sent twice and broken Basic credentials', async () => {
    expect((await ask('grant_type=client_credentials&grant_type=x')).status).toBe(400)
    expect((await ask(form(grant), { authorization: `Basic ${Buffer.from('%ff:%').toString('base64')}` })).status).toBe(
      401,
    )
  })

  it('takes no token that is not one', async () => {
    for (const token of ['', 'x', 'A'.repeat(43), '{"$gt":""}'])
      expect((await read('/metrics', token)).status).toBe(401)
    expect(
      (await new TestClient(host.url).send('GET', '/metrics', undefined, { authorization: 'Basic eDp5' })).status,
    ).toBe(401)
  })

  it('has no token or secret at rest', async () => {
    const token = await tokenOf(metrics)
    const db = host.container.get(tokens.data).core.db
    const stored = JSON.stringify([
      await db?.collection('machine_tokens').find({}).toArray(),
      await db?.collection('clients').find({}).toArray(),
    ])
    expect(stored).not.toContain(token)
    expect(stored).not.toContain(metrics?.clientSecret)
  })
})
