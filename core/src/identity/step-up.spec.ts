import { addRoute, identityOf } from '../http/core-route.ts'
import type { CoreRoutes } from '../ports.ts'
import { tokens } from '../composition/tokens.ts'
import {
  credentials,
  demo,
  signedIn,
  startTestHost,
  TestClient,
  type TestHost,
} from '../composition/testing/test-host.ts'

let host: TestHost
const refund: CoreRoutes = {
  register(server) {
    addRoute<{ Payload: { amount: number; account: string } }>(server, {
      method: 'POST',
      path: '/api/refund',
      summary: 'A sensitive operation.',
      access: 'signed-in',
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['amount', 'account'],
        properties: { amount: { type: 'integer' }, account: { type: 'string' } },
      },
      async handler(request) {
        await host.container.get(tokens.stepUp).require(identityOf(request), 'billing.refund', { ...request.payload })
        return { done: true }
      },
    })
  },
}

beforeAll(async () => {
  host = await startTestHost({ routes: [refund] })
})
afterAll(() => host.stop())

const operation = 'billing.refund'
const parameters = { amount: 100, account: 'c1' }
const attempt = (client: TestClient, body: object = parameters) => client.send('POST', '/api/refund', body)
const passwordOf = (username: string) => demo.accounts.find((account) => account.username === username)?.password
const confirm = (client: TestClient, username: string, body: object = parameters) =>
  client.send('POST', '/api/auth/step-up', { operation, parameters: body, password: passwordOf(username) })

describe('step-up', () => {
  it('says what has to be confirmed, then lets exactly that through, once', async () => {
    const client = await signedIn(host, 'manager.mx')
    const refused = await attempt(client)
    expect([refused.status, refused.body]).toEqual([
      403,
      expect.objectContaining({ code: 'step_up_required', operation, parameters }),
    ])
    // Order of members and spacing are not a difference.
    expect((await confirm(client, 'manager.mx', { account: 'c1', amount: 100 })).status).toBe(200)
    expect((await attempt(client)).body).toEqual({ done: true })
    expect((await attempt(client)).body['code']).toBe('step_up_required')
  })

  it('is worth nothing for other parameters, another session or after 5 minutes', async () => {
    const client = await signedIn(host, 'manager.co')
    await confirm(client, 'manager.co')
    expect((await attempt(client, { amount: 101, account: 'c1' })).body['code']).toBe('step_up_required')
    const other = await signedIn(host, 'manager.co')
    expect((await attempt(other)).body['code']).toBe('step_up_required')
    host.clock.advance(300)
    expect((await attempt(client)).body['code']).toBe('step_up_required')
  })

  it('lets one of many attempts in parallel through', async () => {
    const client = await signedIn(host, 'agent.br')
    await confirm(client, 'agent.br')
    const replies = await Promise.all(Array.from({ length: 20 }, () => attempt(client)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('gives the session a new token; the old one is dead', async () => {
    const client = await signedIn(host, 'agent2.br')
    const before = client.cookies.get('dcesop') as string
    await confirm(client, 'agent2.br')
    expect(client.cookies.get('dcesop')).not.toBe(before)
    const old = new TestClient(host.url)
    old.cookies.set('dcesop', before)
    expect((await old.send('GET', '/api/auth/session')).status).toBe(401)
    expect((await client.send('GET', '/api/auth/session')).status).toBe(200)
  })

  it('takes a code, not used before, and counts wrong proofs', async () => {
    const client = await signedIn(host, 'agent3.br')
    host.clock.advance(30)
    const { totp } = credentials('agent3.br', host.clock)
    expect((await client.send('POST', '/api/auth/step-up', { operation, parameters, totp })).status).toBe(200)
    const again = await client.send('POST', '/api/auth/step-up', { operation, parameters, totp })
    expect([again.status, again.body['code']]).toEqual([403, 'step_up_failed'])
    const codes: unknown[] = []
    for (let n = 0; n < 12; n += 1)
      codes.push(
        (await client.send('POST', '/api/auth/step-up', { operation, parameters, password: 'guess' })).body['code'],
      )
    expect(codes).toContain('too_many_requests')
    expect(codes.filter((code) => code === 'step_up_failed').length).toBeLessThan(10)
  })

  it('checks no more guesses in parallel than one after another', async () => {
    const client = await signedIn(host, 'manager.br')
    const guesses = Array.from({ length: 60 }, (_, n) => ({ operation, parameters, totp: String(100_000 + n) }))
    const replies = await Promise.all(guesses.map((guess) => client.send('POST', '/api/auth/step-up', guess)))
    const codes = replies.map(({ body }) => body['code'])
    expect(codes.filter((code) => code === 'step_up_failed')).toHaveLength(9)
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(51)
  })

  it.each([
    [{ operation, parameters }],
    [{ operation, parameters, password: 'x', totp: '123456' }],
    [{ operation, parameters: [], password: 'x' }],
    [{ operation: { $gt: '' }, parameters: {}, password: 'x' }],
    [{ operation, parameters, totp: { $ne: null } }],
  ])('refuses %j', async (body) => {
    const client = await signedIn(host, 'agent4.br')
    expect((await client.send('POST', '/api/auth/step-up', body)).body['code']).toBe('invalid_request')
  })
})
