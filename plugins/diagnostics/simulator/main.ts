import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ApiError, MachineClient } from '../machine/client.ts'
import type { InventoryLine } from '../server/inventory/inventory-route.ts'
import { backfill } from './backfill.ts'
import { FaultPlan } from './faults.ts'
import { IncidentDesk } from './incident-desk.ts'
import { runLive } from './live.ts'
import type { World } from './rows.ts'
import type { SimulatedService, Story } from './service.ts'

/**
 * Simulates the networks of the demo regions through the public API.
 * DCESOP_URL; DCESOP_CLIENTS as JSON list of {clientId, clientSecret, region}; DCESOP_DEMO_SEED for another run of luck.
 * Prints one line with "ready" when the stories' services have their last day; the crowd follows in the background.
 */
interface RegionClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly region: string
}

type Known = SimulatedService & { readonly lastAt?: number }

const restOfStories = 0.2
/** Rolling rows up costs the host more than taking them in: this leaves it time for both and for people. */
const restOfCrowd = 5
const retryMs = 5_000

function storiesByService(): Map<string, Story> {
  const file = path.resolve(import.meta.dirname, '../../customers/demo/stories.json')
  if (!existsSync(file)) return new Map()
  const stories = JSON.parse(readFileSync(file, 'utf8')) as { story: Story; services: { serviceId: string }[] }[]
  return new Map(stories.flatMap(({ story, services }) => services.map(({ serviceId }) => [serviceId, story] as const)))
}

/** The region's services; waits while there are none yet. */
async function inventory(
  client: MachineClient,
  region: string,
  stories: ReadonlyMap<string, Story>,
  signal: AbortSignal,
): Promise<Known[]> {
  for (;;) {
    const services: Known[] = []
    const lines = client.lines<Omit<InventoryLine, 'lastAt'> & { lastAt?: string }>(`/inventory?region=${region}`, {
      patient: true,
    })
    for await (const line of lines) {
      const { lastAt, ...service } = line
      const story = stories.get(line.serviceId)
      services.push({
        ...service,
        ...(story && { story }),
        ...(lastAt !== undefined && { lastAt: Date.parse(lastAt) }),
      })
    }
    if (services.length > 0) return services
    await wait(retryMs, undefined, { signal })
  }
}

/** Stories first, then the neighbours on their cells and OLTs, then everybody else. */
function inOrder(services: readonly Known[]): { stories: Known[]; crowd: Known[] } {
  const stories = services.filter(({ story }) => story !== undefined)
  const near = new Set(stories.map(({ elementId }) => elementId))
  const others = services.filter(({ story }) => story === undefined)
  const [neighbours, far] = [
    others.filter((one) => near.has(one.elementId)),
    others.filter((one) => !near.has(one.elementId)),
  ]
  return { stories, crowd: [...neighbours, ...far] }
}

/** Keeps a part of the simulation going: a host that is away for a while is not the end of it. */
async function persist(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted) return
      const reason = error instanceof ApiError ? `${error.status} ${error.code}: ${error.message}` : String(error)
      console.error(`simulator: ${name}: ${reason}; again in ${retryMs / 1000} s`)
      await wait(retryMs, undefined, { signal }).catch(() => {})
    }
  }
}

async function main(): Promise<void> {
  const stop = new AbortController()
  const { signal } = stop
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  const url = process.env['DCESOP_URL'] ?? 'http://127.0.0.1:8080'
  const clients = JSON.parse(process.env['DCESOP_CLIENTS'] ?? '[]') as RegionClient[]
  if (clients.length === 0) throw new Error('Set DCESOP_CLIENTS to a JSON list of {clientId, clientSecret, region}.')
  const seed = process.env['DCESOP_DEMO_SEED'] ?? 'dcesop'
  const stories = storiesByService()
  const regions = await Promise.all(
    clients.map(async ({ region, ...credentials }) => {
      const client = new MachineClient({ url, ...credentials }, signal)
      const services = await inventory(client, region, stories, signal)
      const plan = new FaultPlan(seed, services)
      const world: World = { seed, region, plan, services }
      const ordered = inOrder(services)
      await backfill(client, world, ordered.stories, { now: Date.now(), rest: restOfStories, signal })
      return { client, world, crowd: ordered.crowd, desk: new IncidentDesk(client, world) }
    }),
  )
  const count = regions.reduce((sum, { world }) => sum + world.services.length, 0)
  console.log(`simulator ready: ${count} services in ${clients.map(({ region }) => region).join(', ')}`)
  const live = regions.map(({ client, world, desk }) =>
    persist(`live ${world.region}`, signal, async () => {
      await desk.tidy(Date.now())
      await runLive(client, world, desk, signal)
    }),
  )
  for (const { client, world, crowd } of regions) {
    await persist(`last day of ${world.region}`, signal, async () => {
      await backfill(client, world, crowd, { now: Date.now(), rest: restOfCrowd, signal })
    })
  }
  await Promise.all(live)
}

await main().catch((error: unknown) => {
  if (error instanceof Error && error.name === 'AbortError') return
  throw error
})
