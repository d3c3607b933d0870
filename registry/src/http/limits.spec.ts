import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

let registry: TestRegistry
afterEach(() => registry.stop())

const limited = (limits: object) => startTestRegistry({ http: { limits } })

describe('limits in a minute', () => {
  it('end guessing of passwords, whatever address a client claims', async () => {
    registry = await limited({ signInsPerMinutePerAddress: 3 })
    const guess = (n: number) =>
      registry.send('PUT', '/-/user/org.couchdb.user:partner', {
        body: { name: 'partner', password: `guess number ${n}` },
        headers: { 'x-forwarded-for': `192.0.2.${n}` },
      })
    const statuses = [await guess(1), await guess(2), await guess(3), await guess(4)].map(({ status }) => status)
    expect(statuses).toEqual([401, 401, 401, 429])
    expect(Number((await guess(5)).headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('hold back publishes of one account, and requests of one address', async () => {
    registry = await limited({ publishesPerMinutePerAccount: 2, requestsPerMinutePerAddress: 8 })
    const [ana, bob] = [await registry.token('ana'), await registry.token('bob')]
    const publish = async (token: string, name: string) => (await registry.publish(token, { name })).status
    expect([await publish(ana, '@ana/a'), await publish(ana, '@ana/b'), await publish(ana, '@ana/c')]).toEqual([
      201, 201, 429,
    ])
    expect(await publish(bob, '@bob/a')).toBe(201)
    const reads = [1, 2, 3].map(() => registry.send('GET', '/@ana%2fa'))
    const statuses = (await Promise.all(reads)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 200, 429])
  })

  it('hold back whatever of one account is an entry in the log for ever', async () => {
    registry = await limited({ publishesPerMinutePerAccount: 2 })
    const ana = await registry.token('ana')
    await registry.publish(ana, { name: '@ana/a' })
    const change = async (method: string, path: string, body: unknown) =>
      (await registry.send(method, path, { token: ana, body })).status
    const tag = () => change('PUT', '/-/package/@ana%2fa/dist-tags/beta', '"1.0.0"')
    expect([await tag(), await tag()]).toEqual([201, 429])
    expect(await change('DELETE', '/-/package/@ana%2fa/dist-tags/beta', undefined)).toBe(429)
    expect(await change('PUT', '/-/org/ana/user', { user: 'ana', role: 'owner' })).toBe(429)
    const key = { publicKey: 'x', proof: { payloadType: 'x', payload: 'x', signatures: [{ keyid: 'x', sig: 'x' }] } }
    expect(await change('POST', '/-/dcesop/v1/publishers/ana/keys', key)).toBe(429)
  })
})
