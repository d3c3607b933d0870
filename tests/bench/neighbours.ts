import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { type Client, signIn } from '../support/client.ts'
import { packVersion } from '../support/packages.ts'
import type { Product } from '../support/product.ts'
import { startSteadyLoad } from '../support/steady-load.ts'
import { median, percentile, report } from './report.ts'
import { sessionCookie } from './routes.ts'

const root = path.resolve(import.meta.dirname, '../..')
const rounds = 6
const seconds = 4
const perSecond = 100
const admin = { role: 'registry-admin', region: 'br' }
/** What the fixture `hostile` can do to the machine. */
const ways = ['busy', 'heap', 'buffers', 'exit', 'answer', 'fork', 'descriptors'] as const
const sides = ['alone', 'idling', 'beside'] as const

/**
 * What the users of one plugin notice of another that misbehaves in a process of its own: waits for the same route alone and beside
 * it, in turn, under a load that the machine has room for; and beside a program that takes only processor time that nobody wants, which
 * is what no platform can keep from them.
 * @param row only ways whose name contains it
 */
export async function benchNeighbours(product: Product, row = ''): Promise<void> {
  const registry = await signIn(product.url, admin.role, admin.region)
  const agent = await signIn(product.url, 'agent', 'br')
  const cookie = await sessionCookie(product.url)
  for (const id of ['echo', 'hostile']) {
    await uploadPackage(registry, await packVersion(`tests/fixtures/${id}`, '1.0.0'))
    await changePlugin(registry, admin, id, 'install', { version: '1.0.0' })
  }
  await waits(agent)
  const all: Record<(typeof sides)[number], number[]> = { alone: [], idling: [], beside: [] }
  for (const way of ways.filter((name) => name.includes(row))) {
    const rows: Record<(typeof sides)[number], number[][]> = { alone: [], idling: [], beside: [] }
    for (let round = 0; round < rounds; round += 1) {
      rows.alone.push(await waits(agent))
      const idling = startIdling()
      rows.idling.push(await waits(agent))
      await idling.end()
      const { ended } = await startMisbehaving(`${product.url}/api/plugins/hostile/misbehave/${way}`, cookie)
      rows.beside.push(await waits(agent))
      await ended
      await recover(registry, agent)
    }
    const p99 = (side: (typeof sides)[number]) => median(rows[side].map((samples) => percentile(samples, 0.99)))
    for (const [than, side] of [
      ['alone', 'alone'],
      ['beside a program that takes what nobody wants', 'idling'],
    ] as const)
      report({
        name: `p99 of a plugin beside one that does ${way} against ${than}`,
        value: p99('beside'),
        unit: 'ms',
        baseline: p99(side),
      })
    for (const side of sides) all[side].push(...rows[side].flat())
  }
  for (const share of [0.5, 0.99])
    for (const side of ['idling', 'beside'] as const)
      report({
        name: `p${share * 100} of a plugin ${side === 'beside' ? 'beside one that misbehaves' : 'beside a program that takes what nobody wants'}, all together`,
        value: percentile(all[side], share),
        unit: 'ms',
        baseline: percentile(all.alone, share),
      })
}

/** A program without end in the kernel's idle class. */
function startIdling(): { end(): Promise<unknown> } {
  const child = spawn('chrt', ['--idle', '0', path.join(root, 'node_modules/.bin/node'), '-e', 'for (;;);'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  return {
    end: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Milliseconds of each request of one window. @throws Error when one is not answered with 200 */
async function waits(agent: Client): Promise<number[]> {
  const load = startSteadyLoad(perSecond, async (index) => {
    const { status } = await agent.request('GET', `/api/plugins/echo/records/r${index}`)
    return status === 200 ? undefined : String(status)
  })
  await sleep(seconds * 1000)
  const { latenciesMs, failures } = await load.stop()
  if (failures.length > 0) throw new Error(`requests of the neighbour failed: ${failures.slice(0, 3).join(', ')}`)
  return [...latenciesMs]
}

/** Started before the window and with little right to the processor: the one who asks is no part of what is measured. */
async function startMisbehaving(url: string, cookie: string): Promise<{ ended: Promise<unknown> }> {
  const node = path.join(root, 'node_modules/.bin/node')
  const child = spawn(node, ['tests/bench/misbehave.ts', url, cookie, String(seconds)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  setPriority(child.pid as number, constants.priority.PRIORITY_LOW)
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  return { ended }
}

/** Until it answers again; a quarantine is lifted as an administrator would. */
async function recover(registry: Client, agent: Client): Promise<void> {
  while ((await agent.request('GET', '/api/plugins/hostile/well')).status !== 200) {
    const { body } = await registry.request('GET', '/api/admin/plugins/hostile')
    if (body['state'] === 'QUARANTINED') await changePlugin(registry, admin, 'hostile', 'enable')
    await sleep(100)
  }
}
