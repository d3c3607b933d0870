import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { type Client, signIn } from '../support/client.ts'
import { packVersion } from '../support/packages.ts'
import type { Product } from '../support/product.ts'
import { type Load, loadOf, type Target } from './load.ts'
import { allBelow } from './processes.ts'
import { median, report } from './report.ts'
import { sessionCookie } from './routes.ts'

const rounds = 3
const seconds = 3
const connections = 24
const admin = { role: 'registry-admin', region: 'br' }

/** What a process of its own costs: the same plugin inline and in a process, in turn. */
export async function benchProcessTier(product: Product): Promise<void> {
  const registry = await signIn(product.url, admin.role, admin.region)
  await uploadPackage(registry, await packVersion('tests/fixtures/echo', '1.0.0'))
  await uploadPackage(registry, await packVersion('tests/fixtures/echo', '1.0.1', inProcess))
  await change(registry, 'echo', 'install', { version: '1.0.0' })
  const headers = { cookie: await sessionCookie(product.url) }
  const host = product.process.pid as number
  const url = `${product.url}/api/plugins/echo/slow/0`
  // The host first, then the database's process, and whatever there is of the plugin's by now.
  const target = (): Target => ({ url, headers, pids: [host, ...allBelow(host)] })
  const measured: Record<'inline' | 'process', Load[]> = { inline: [], process: [] }
  for (let round = 0; round < rounds; round += 1) {
    measured.inline.push(await measure(target()))
    await change(registry, 'echo', 'upgrade', { version: '1.0.1' })
    measured.process.push(await measure(target()))
    await change(registry, 'echo', 'rollback')
  }
  compare(measured)
}

/** Compiled and connected first, so that no figure pays for it. */
async function measure(target: Target): Promise<Load> {
  await loadOf(target, connections, 1)
  return loadOf(target, connections, seconds)
}

function compare(measured: Record<'inline' | 'process', Load[]>): void {
  const of = (kind: 'inline' | 'process', figure: (load: Load) => number) => median(measured[kind].map(figure))
  const both = (name: string, unit: string, figure: (load: Load) => number) =>
    report({
      name: `plugin in a process vs inline, ${name}`,
      value: of('process', figure),
      unit,
      baseline: of('inline', figure),
    })
  both(`at ${connections} connections`, 'req/s', ({ perSecond }) => perSecond)
  both('processor time of the host', 'µs', ({ cpuMicros }) => cpuMicros[0] as number)
  both('processor time in all', 'µs', ({ cpuMicros }) => cpuMicros.reduce((sum, micros) => sum + micros, 0))
  both('p50', 'ms', ({ p50 }) => p50)
  both('p99', 'ms', ({ p99 }) => p99)
}

async function inProcess(dir: string): Promise<void> {
  const file = path.join(dir, 'dcesop.plugin.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { backend: object }
  await writeFile(file, JSON.stringify({ ...manifest, backend: { ...manifest.backend, isolation: 'process' } }))
}

async function change(registry: Client, id: string, verb: 'install' | 'upgrade' | 'rollback', body: object = {}) {
  const answer = await changePlugin(registry, admin, id, verb, { ...body })
  if (answer.status !== 200) throw new Error(`${verb}: ${answer.status} ${JSON.stringify(answer.body)}`)
}
