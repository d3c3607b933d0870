import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Json } from '@dcesop/sdk-plugin/host'
import { publishBody, type TestPackage } from '../../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

let registry: TestRegistry
beforeAll(async () => {
  registry = await startTestRegistry()
})
afterAll(() => registry.stop())

/** A publish that has begun, and whose rest comes when it is asked for. */
async function begun(token: string, wish: TestPackage): Promise<() => Promise<{ status: number; body: Json }>> {
  const body = Buffer.from(JSON.stringify(await publishBody(wish)))
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', expect: '100-continue' }
  const path = `/${wish.name.replace('/', '%2f')}`
  const put = request(registry.url + path, { method: 'PUT', headers: { ...headers, 'content-length': body.length } })
  put.flushHeaders()
  // By then it was found that the caller may publish.
  await once(put, 'continue')
  put.write(body.subarray(0, -100))
  return async () => {
    const answered = once(put, 'response')
    put.end(body.subarray(-100))
    const [answer] = (await answered) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, body: (await json(answer)) as Json }
  }
}
const statusOf = async (path: string) => (await registry.send('GET', path)).status

it('is not published by a token that was revoked while it arrived', async () => {
  const token = await registry.token('ana')
  const finish = await begun(token, { name: '@ana/late' })
  expect((await registry.send('DELETE', `/-/user/token/${token}`, { token })).status).toBe(200)
  expect(await finish()).toMatchObject({ status: 401, body: { code: 'not_signed_in' } })
  expect(await statusOf('/@ana%2flate')).toBe(404)
})

it('is not published into a package that somebody else has taken while it arrived', async () => {
  const [owner, other] = [await registry.token('bob'), await registry.token('eve')]
  const finish = await begun(other, { name: 'taken', version: '9.0.0' })
  expect((await registry.publish(owner, { name: 'taken' })).status).toBe(201)
  expect(await finish()).toMatchObject({ status: 403, body: { code: 'scope_not_owned' } })
  expect(await statusOf('/taken/9.0.0')).toBe(404)
})

it('is not published by somebody who is no member of its publisher any more', async () => {
  const [owner, member] = [await registry.token('bea'), await registry.token('tom')]
  const wish = { token: owner, body: { user: 'tom', role: 'developer' } }
  expect((await registry.publish(owner, { name: '@bea/first' })).status).toBe(201)
  expect((await registry.send('PUT', '/-/org/bea/user', wish)).status).toBeLessThan(300)
  const finish = await begun(member, { name: '@bea/last' })
  expect(
    (await registry.send('DELETE', '/-/org/bea/user', { token: owner, body: { user: 'tom' } })).status,
  ).toBeLessThan(300)
  expect(await finish()).toMatchObject({ status: 403, body: { code: 'scope_not_owned' } })
  expect(await statusOf('/@bea%2flast')).toBe(404)
})
