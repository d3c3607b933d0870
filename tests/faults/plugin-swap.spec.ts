import { packVersion } from '../support/packages.ts'
import { type Client, signIn } from '../support/client.ts'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { type Product, startProduct } from '../support/product.ts'
import { startSteadyLoad } from '../support/steady-load.ts'

const admin = { role: 'registry-admin', region: 'br' }
const perSecond = 200

describe('changing a plugin while others work', () => {
  let product: Product
  let registry: Client
  let agent: Client
  let load: ReturnType<typeof startSteadyLoad> | undefined

  beforeAll(async () => {
    product = await startProduct({ env: { DCESOP_DEMO_PROGRAMS: 'none' } })
    registry = await signIn(product.url, admin.role, admin.region)
    agent = await signIn(product.url, 'agent', 'br')
    await uploadPackage(registry, await packVersion('tests/fixtures/echo', '1.0.0'))
    const installed = await changePlugin(registry, admin, 'echo', 'install', { version: '1.0.0' })
    expect(installed).toMatchObject({ status: 200 })
  }, 240_000)

  // Also of a test that failed: it would go on to the end of the run.
  afterEach(async () => void (await load?.stop()))

  afterAll(async () => {
    await product?.dispose()
  })

  it('disables, upgrades and rolls back one plugin without an error in the other', async () => {
    await uploadPackage(registry, await packVersion('plugins/diagnostics', '1.0.1'))
    load = startSteadyLoad(perSecond, async (index) => {
      const answer = await agent.request('GET', `/api/plugins/echo/records/r${index}`)
      return answer.status === 200 ? undefined : `${answer.status} ${JSON.stringify(answer.body)}`
    })
    const steps = [
      await changePlugin(registry, admin, 'diagnostics', 'disable'),
      await changePlugin(registry, admin, 'diagnostics', 'enable'),
      await changePlugin(registry, admin, 'diagnostics', 'upgrade', { version: '1.0.1' }),
      await changePlugin(registry, admin, 'diagnostics', 'rollback'),
    ]
    const result = await load.stop()
    expect(steps.map((step) => step.status)).toEqual([200, 200, 200, 200])
    expect(result.failures).toEqual([])
    // However fast the machine is: requests were on their way during the changes.
    expect(result.sent).toBeGreaterThan(steps.length)
  }, 120_000)

  it('upgrades a plugin under its own load, and a request in flight ends on the version that took it', async () => {
    await uploadPackage(registry, await packVersion('tests/fixtures/echo', '1.1.0'))
    const versions = new Set<string>()
    const inFlight = agent.request<{ version: string }>('GET', '/api/plugins/echo/slow/3000')
    load = startSteadyLoad(perSecond, async (index) => {
      const answer = await agent.request<{ version: string }>('GET', `/api/plugins/echo/records/r${index}`)
      versions.add(answer.body.version)
      return answer.status === 200 ? undefined : `${answer.status} ${JSON.stringify(answer.body)}`
    })
    const upgraded = await changePlugin(registry, admin, 'echo', 'upgrade', { version: '1.1.0' })
    const result = await load.stop()
    expect(upgraded.status).toBe(200)
    expect(result.failures).toEqual([])
    expect([...versions].sort()).toEqual(['1.0.0', '1.1.0'])
    expect(await inFlight).toMatchObject({ status: 200, body: { version: '1.0.0' } })
    const after = await agent.request<{ version: string }>('GET', '/api/plugins/echo/records/last')
    expect(after.body.version).toBe('1.1.0')
  }, 120_000)
})
