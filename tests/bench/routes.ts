import { changePlugin, uploadPackage } from '../support/admin.ts'
import { accountOf, totpOf } from '../support/accounts.ts'
import { packVersion } from '../support/packages.ts'
import type { Product } from '../support/product.ts'
import { signIn } from '../support/client.ts'
import { requestsPerSecond, startBaseline } from './load.ts'
import { median, report } from './report.ts'

const rounds = 3
const seconds = 5
const admin = { role: 'registry-admin', region: 'br' }

/** An authenticated, validated, audited plugin route against bare hapi and node:http, in turn in the same run. */
export async function benchRoutes(product: Product): Promise<void> {
  const registry = await signIn(product.url, admin.role, admin.region)
  await uploadPackage(registry, await packVersion('tests/fixtures/echo', '1.0.0'))
  const installed = await changePlugin(registry, admin, 'echo', 'install', { version: '1.0.0' })
  if (installed.status !== 200) throw new Error(`install: ${installed.status} ${JSON.stringify(installed.body)}`)
  const cookie = await sessionCookie(product.url)
  const [hapi, node] = [await startBaseline('hapi'), await startBaseline('node')]
  const plugin: number[] = []
  const bareHapi: number[] = []
  const bareNode: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    plugin.push(await requestsPerSecond(`${product.url}/api/plugins/echo/records/r1`, { cookie }, seconds))
    bareHapi.push(await requestsPerSecond(`${hapi.url}/records/r1`, {}, seconds))
    bareNode.push(await requestsPerSecond(`${node.url}/records/r1`, {}, seconds))
  }
  hapi.stop()
  node.stop()
  report({ name: 'plugin route vs bare hapi', value: median(plugin), unit: 'req/s', baseline: median(bareHapi) })
  report({ name: 'plugin route vs node:http', value: median(plugin), unit: 'req/s', baseline: median(bareNode) })
}

async function sessionCookie(url: string): Promise<string> {
  const account = accountOf('agent', 'mx')
  const { username, password } = account
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, totp: totpOf(account) }),
  })
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}
