import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { signIn } from '../support/client.ts'
import { packVersion } from '../support/packages.ts'
import type { Product } from '../support/product.ts'
import { startSteadyLoad } from '../support/steady-load.ts'
import { loadOf } from './load.ts'
import type { OpenLoop, OpenLoopResult } from './open-loop.ts'
import { percentile, report } from './report.ts'
import { sessionCookie } from './routes.ts'

const root = path.resolve(import.meta.dirname, '../..')
const admin = { role: 'registry-admin', region: 'br' }
const [times, seconds] = [5, 20]
const connectionCounts = [400, 1500] as const

/** Five times what a host answers of an audited plugin route, a quarter of it from nobody who signed in; and its health meanwhile. */
export async function benchOverload(product: Product): Promise<void> {
  const registry = await signIn(product.url, admin.role, admin.region)
  await uploadPackage(registry, await packVersion('tests/fixtures/echo', '1.0.0'))
  await changePlugin(registry, admin, 'echo', 'install', { version: '1.0.0' })
  const cookie = await sessionCookie(product.url)
  const route = '/api/plugins/echo/records/r1'
  const target = { url: product.url + route, headers: { cookie }, pids: [] }
  // Many, as an answer that waits for the disk takes no time of the host.
  await loadOf(target, 200, 2)
  const { perSecond } = await loadOf(target, 200, 3)
  for (const connections of connectionCounts) {
    const load = { url: product.url, paths: [route], cookie, connections, perSecond: perSecond * times, seconds }
    const health = startSteadyLoad(4, async () => {
      const { ok, status } = await fetch(`${product.url}/healthz`)
      return ok ? undefined : String(status)
    })
    const { taken, refused, others } = await openLoop(load)
    const { latenciesMs, failures } = await health.stop()
    if (others.length + failures.length > 0) throw new Error([...others, ...failures].slice(0, 3).join('\n'))
    const at = `at ${times} times what is answered over ${connections} connections`
    report({ name: `answered ${at}`, value: taken.length / seconds, unit: 'req/s', baseline: perSecond })
    for (const [what, waits] of Object.entries({ answers: taken, refusals: refused, 'health checks': latenciesMs }))
      for (const share of [0.5, 0.99])
        report({ name: `p${share * 100} of ${what} ${at}`, value: percentile(waits, share), unit: 'ms' })
  }
}

async function openLoop(load: OpenLoop): Promise<OpenLoopResult> {
  const node = path.join(root, 'node_modules/.bin/node')
  const child = spawn(node, ['tests/bench/open-loop.ts', JSON.stringify(load)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return JSON.parse(said) as OpenLoopResult
}
