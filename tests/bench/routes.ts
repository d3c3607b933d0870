import { changePlugin, uploadPackage } from '../support/admin.ts'
import { accountOf, totpOf } from '../support/accounts.ts'
import { packVersion } from '../support/packages.ts'
import type { Product } from '../support/product.ts'
import { signIn } from '../support/client.ts'
import { type Load, loadOf, startBaseline } from './load.ts'
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
  const measured: Record<'plugin' | 'hapi' | 'node', Load[]> = { plugin: [], hapi: [], node: [] }
  for (let round = 0; round < rounds; round += 1) {
    const route = `${product.url}/api/plugins/echo/records/r1`
    measured.plugin.push(await loadOf(route, { cookie }, seconds, product.process.pid))
    measured.hapi.push(await loadOf(`${hapi.url}/records/r1`, {}, seconds, hapi.pid))
    measured.node.push(await loadOf(`${node.url}/records/r1`, {}, seconds, node.pid))
  }
  hapi.stop()
  node.stop()
  const rate = (kind: keyof typeof measured) => median(measured[kind].map(({ perSecond }) => perSecond))
  const cpu = (kind: keyof typeof measured) => median(measured[kind].map(({ cpuMicros }) => cpuMicros))
  for (const kind of ['hapi', 'node'] as const) {
    const name = kind === 'hapi' ? 'bare hapi' : 'node:http'
    report({ name: `audited plugin route vs ${name}`, value: rate('plugin'), unit: 'req/s', baseline: rate(kind) })
    // The smaller processor time is the better, so the ratio is turned round: 1 is as cheap as the baseline.
    const [value, baseline] = [cpu('plugin'), cpu(kind)]
    report({ name: `processor time of that route vs ${name}`, value, unit: 'µs', baseline, ratio: baseline / value })
  }
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
