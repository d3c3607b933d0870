import { changePlugin, uploadPackage } from '../support/admin.ts'
import { accountOf, totpOf } from '../support/accounts.ts'
import { packVersion } from '../support/packages.ts'
import type { Product } from '../support/product.ts'
import { signIn } from '../support/client.ts'
import { childrenOf } from './processes.ts'
import { type Load, loadOf, startBaseline, type Target } from './load.ts'
import { median, report } from './report.ts'

const rounds = 5
const seconds = 3
/**
 * An answer that waits for the disk needs more of them under way than one that does not, or the disk alone is measured: few for how
 * long one person waits, many for what the host can serve.
 */
const connectionCounts = [24, 200] as const
const admin = { role: 'registry-admin', region: 'br' }

type Kind = 'plugin' | 'hapi' | 'node'

/** An authenticated, validated, audited plugin route against bare hapi and node:http, in turn in the same run. */
export async function benchRoutes(product: Product): Promise<void> {
  const registry = await signIn(product.url, admin.role, admin.region)
  await uploadPackage(registry, await packVersion('tests/fixtures/echo', '1.0.0'))
  const installed = await changePlugin(registry, admin, 'echo', 'install', { version: '1.0.0' })
  if (installed.status !== 200) throw new Error(`install: ${installed.status} ${JSON.stringify(installed.body)}`)
  const cookie = await sessionCookie(product.url)
  const [hapi, node] = [await startBaseline('hapi'), await startBaseline('node')]
  const host = product.process.pid as number
  const targets: Record<Kind, Target> = {
    // The host first, then the database's process.
    plugin: {
      url: `${product.url}/api/plugins/echo/records/r1`,
      headers: { cookie },
      pids: [host, ...childrenOf(host)],
    },
    hapi: { url: `${hapi.url}/records/r1`, headers: {}, pids: [hapi.pid] },
    node: { url: `${node.url}/records/r1`, headers: {}, pids: [node.pid] },
  }
  for (const connections of connectionCounts) reportRound(connections, await measure(targets, connections))
  hapi.stop()
  node.stop()
}

async function measure(targets: Record<Kind, Target>, connections: number): Promise<Record<Kind, Load[]>> {
  const measured: Record<Kind, Load[]> = { plugin: [], hapi: [], node: [] }
  const kinds = Object.keys(targets) as Kind[]
  // Compiled and connected first, so that no round pays for it.
  for (const kind of kinds) await loadOf(targets[kind], connections, 1)
  for (let round = 0; round < rounds; round += 1)
    for (const kind of kinds) measured[kind].push(await loadOf(targets[kind], connections, seconds))
  return measured
}

function reportRound(connections: number, measured: Record<Kind, Load[]>): void {
  const of = (kind: Kind, figure: (load: Load) => number) => median(measured[kind].map(figure))
  const rate = (kind: Kind) => of(kind, ({ perSecond }) => perSecond)
  const serving = (kind: Kind) => of(kind, ({ cpuMicros }) => cpuMicros[0] as number)
  const all = (kind: Kind) => of(kind, ({ cpuMicros }) => cpuMicros.reduce((sum, micros) => sum + micros, 0))
  const at = `at ${connections} connections`
  for (const [kind, name] of [
    ['hapi', 'bare hapi'],
    ['node', 'node:http'],
  ] as const) {
    const route = `audited plugin route vs ${name}, ${at}`
    report({ name: route, value: rate('plugin'), unit: 'req/s', baseline: rate(kind) })
    // The smaller processor time is the better, so the ratio is turned round: 1 is as cheap as the baseline.
    for (const [what, micros] of [
      ['host', serving],
      ['host and database', all],
    ] as const) {
      const [value, baseline] = [micros('plugin'), micros(kind)]
      report({ name: `${route}, processor time of ${what}`, value, unit: 'µs', baseline, ratio: baseline / value })
    }
  }
  const waits = (kind: Kind, figure: 'p50' | 'p99') => of(kind, (load) => load[figure])
  for (const figure of ['p50', 'p99'] as const) {
    const value = waits('plugin', figure)
    report({ name: `audited plugin route, ${figure}, ${at}`, value, unit: 'ms', baseline: waits('hapi', figure) })
  }
  report({ name: `load generator itself, ${at}`, value: of('hapi', ({ ownMicros }) => ownMicros), unit: 'µs' })
}

export async function sessionCookie(url: string): Promise<string> {
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
