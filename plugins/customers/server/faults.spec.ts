import type { TestHost } from '@dcesop/sdk-plugin/testing'
import stories from '../demo/stories.json' with { type: 'json' }
import { agent, importPeople, ownServer, startCustomers } from './testing/customers-host.ts'

const path = `/customers/br/${stories[0]?.customerId}`

describe('while the database fails', () => {
  let host: TestHost
  beforeAll(async () => {
    host = await startCustomers()
    await importPeople(host, 'br', 120)
  })
  afterAll(() => host.dispose())
  const open = () => host.request(agent, 'GET', path)

  it('answers with an error and goes on when it is back', async () => {
    expect((await open()).status).toBe(200)
    await host.database.fail({ commands: ['find', 'aggregate'] })
    const failed = await open()
    expect(failed.status).toBeGreaterThanOrEqual(500)
    expect(JSON.stringify(failed.body)).not.toContain('failCommand')
    await host.database.restore()
    expect((await open()).status).toBe(200)
  })

  it('reads again over a new connection when one breaks', async () => {
    await host.database.fail({ commands: ['find', 'aggregate'], times: 1, error: 'disconnect' })
    expect((await open()).status).toBe(200)
  })

  it('fails for nobody else who uses the same server', async () => {
    const server = await ownServer()
    const [one, other] = [await startCustomers(server.uri), await startCustomers(server.uri)]
    await one.database.fail({ commands: ['find', 'aggregate'] })
    const search = (of: TestHost) => of.request(agent, 'POST', '/search', { body: { q: 'silva' } })
    expect([(await search(one)).status, (await search(other)).status]).toEqual([500, 200])
    await one.dispose()
    await other.dispose()
    await server.stop()
  })
})
