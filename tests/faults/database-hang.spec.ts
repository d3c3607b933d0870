import { execFileSync } from 'node:child_process'
import { signIn } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

describe('a database that hangs', () => {
  let product: Product
  let database = 0
  beforeAll(async () => {
    // A server that others use is not to be stopped.
    product = await startProduct({ env: { DCESOP_DEMO_PROGRAMS: 'none', MONGODB_URI: undefined } })
    const found = execFileSync('pgrep', ['-P', String(product.process.pid), '-f', 'embedded-db'], { encoding: 'utf8' })
    database = Number(found.split('\n')[0])
  }, 200_000)
  afterAll(async () => {
    if (database > 0) process.kill(database, 'SIGCONT')
    await product?.dispose()
  })

  it('holds nobody: who needs it is told when to come back, until it answers; pages are served', async () => {
    const agent = await signIn(product.url, 'agent', 'br')
    const ask = () => agent.request('GET', '/api/plugins/customers/search?q=ana&region=br')
    const page = async (path: string) => (await fetch(product.url + path)).status
    expect((await ask()).status).toBe(200)
    process.kill(database, 'SIGSTOP')
    await until(async () => (await page('/readyz')) === 503)
    await until(async () => (await page('/oauth/token')) === 503)
    // Nothing asked the database for these: it cannot have answered.
    const refused = await Promise.all(Array.from({ length: 50 }, ask))
    for (const { status, headers, body } of refused)
      expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'unavailable', '5'])
    expect([await page('/'), await page('/healthz')]).toEqual([200, 200])
    process.kill(database, 'SIGCONT')
    await until(async () => (await ask()).status === 200)
    expect(await page('/readyz')).toBe(200)
  }, 200_000)
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100))
}
