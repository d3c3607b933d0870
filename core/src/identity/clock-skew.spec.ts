import { addRoute, identityOf } from '../http/core-route.ts'
import type { CoreRoutes } from '../ports.ts'
import { tokens } from '../composition/tokens.ts'
import { demo, signedIn, startTestHost, TestClient, type TestHost } from '../composition/testing/test-host.ts'

let host: TestHost
const guarded: CoreRoutes = {
  register(server) {
    addRoute(server, {
      method: 'POST',
      path: '/api/guarded',
      summary: 'A sensitive operation.',
      access: 'signed-in',
      handler: (request) =>
        host.container
          .get(tokens.stepUp)
          .require(identityOf(request), 'test.guarded', {})
          .then(() => 'done'),
    })
  },
}
beforeAll(async () => {
  host = await startTestHost({ routes: [guarded] })
})
afterAll(() => host.stop())

/** Moves what another host of the database wrote, whose clock is ahead of this one's. */
async function ahead(collection: string, fields: readonly string[], seconds: number): Promise<void> {
  const documents = host.container.get(tokens.data).core.collection(collection)
  for (const found of await documents.find().toArray()) {
    const later = fields.map((field) => [field, new Date((found[field] as Date).getTime() + seconds * 1000)])
    await documents.updateOne({ _id: found._id }, { $set: Object.fromEntries(later) })
  }
}

describe('what a host wrote whose clock is ahead', () => {
  it.each([
    [50, 200],
    [3600, 401],
  ])('keeps a session %d s ahead at %d', async (seconds, status) => {
    const client = await signedIn(host, seconds === 50 ? 'agent.br' : 'agent2.br')
    await ahead('sessions', ['createdAt', 'lastUserActivityAt', 'expiresAt'], seconds)
    const ask = async () => (await client.send('GET', '/api/auth/session')).status
    // What is in memory counts for two seconds.
    while ((await ask()) !== status) await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await ask()).toBe(status)
  })

  it('asks for step-up where a grant is that of an hour later', async () => {
    const client = await signedIn(host, 'manager.br')
    const password = demo.accounts.find(({ username }) => username === 'manager.br')?.password
    await client.send('POST', '/api/auth/step-up', { operation: 'test.guarded', parameters: {}, password })
    await ahead('step_up_grants', ['expiresAt'], 3600)
    expect((await client.send('POST', '/api/guarded')).body['code']).toBe('step_up_required')
  })

  it('does not take a machine token of an hour later', async () => {
    const { clientId, clientSecret } = demo.machineClients[0] as (typeof demo.machineClients)[number]
    const issued = await new TestClient(host.url).send('POST', '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    })
    await ahead('machine_tokens', ['expiresAt'], 3600)
    const authorization = `Bearer ${issued.body['access_token']}`
    const answer = await new TestClient(host.url).send('GET', '/api/openapi.json', undefined, { authorization })
    expect([issued.status, answer.status]).toEqual([200, 401])
  })
})
