import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

let registry: TestRegistry
beforeAll(async () => {
  registry = await startTestRegistry({ http: { trustedProxies: ['127.0.0.1', '::1', '::ffff:127.0.0.1'] } })
})
afterAll(() => registry.stop())

const logIn = (name: string, password: string, address: string, token?: string) =>
  registry.send('PUT', `/-/user/org.couchdb.user:${name}`, {
    body: { name, password },
    headers: { 'x-forwarded-for': address },
    ...(token === undefined ? {} : { token }),
  })

/** Statuses of wrong guesses, each from an address of its own. */
async function guess(name: string, times: number): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 1; n <= times; n += 1) statuses.push((await logIn(name, `guess number ${n}`, `192.0.2.${n}`)).status)
  return statuses
}

describe('guessing the password of an account', () => {
  it('is slowed down from however many addresses it comes, while its owner still gets in', async () => {
    const right = 'ana in a spec'
    expect((await logIn('ana', right, '198.51.100.7')).status).toBe(201)
    const token = (await logIn('ana', right, '198.51.100.7')).body['token'] as string
    const statuses = await guess('ana', 12)
    expect(statuses.slice(0, 8)).toEqual(Array(8).fill(401))
    expect(statuses).toContain(429)
    const slowed = await logIn('ana', right, '192.0.2.200')
    expect([slowed.status, slowed.body['code']]).toEqual([429, 'too_many_requests'])
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await logIn('ana', right, '198.51.100.7')).status).toBe(201)
    expect((await logIn('ana', right, '203.0.113.9', token)).status).toBe(201)
  })

  it('that is not there is slowed down in the same way where nobody signs up', async () => {
    const closed = await startTestRegistry({ accounts: { signUp: 'closed' } })
    const statuses: number[] = []
    for (let n = 0; n < 12; n += 1) {
      const body = { name: 'ghost', password: `guess number ${n}` }
      statuses.push((await closed.send('PUT', '/-/user/org.couchdb.user:ghost', { body })).status)
    }
    await closed.stop()
    expect(statuses.slice(0, 8)).toEqual(Array(8).fill(401))
    expect(statuses).toContain(429)
  })

  it('is slowed down for a stolen token, too, without slowing its owner down', async () => {
    const token = await registry.token('bob')
    const statuses: number[] = []
    for (let n = 0; n < 12; n += 1) {
      const password = `guess number ${n}`
      statuses.push((await registry.send('POST', '/-/npm/v1/tokens', { token, body: { password } })).status)
    }
    expect(statuses).toContain(429)
    expect((await logIn('bob', 'bob in a spec', '192.0.2.77')).status).toBe(201)
  })
})
