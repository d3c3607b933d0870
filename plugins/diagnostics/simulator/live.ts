import { setTimeout as wait } from 'node:timers/promises'
import type { MachineClient } from '../machine/client.ts'
import type { TelemetryRow } from '../server/ingest/row.ts'
import type { FaultPlan } from './faults.ts'
import type { IncidentDesk } from './incident-desk.ts'
import { Pace, type PaceName } from './pace.ts'
import { rowAt, type World } from './rows.ts'
import type { SimulatedService } from './service.ts'

const tickMs = 1_000
const deskEveryTicks = 30
const chunkRows = 500
/** A fault is measured closely while it is new. */
const freshFaultMs = 15 * 60_000

/** Measures the services of a region as time passes, faster where somebody looks or something is wrong, until told to stop. */
export async function runLive(
  client: MachineClient,
  world: World,
  desk: IncidentDesk,
  signal: AbortSignal,
): Promise<void> {
  const pace = new Pace(world.seed, world.services, Date.now())
  for (let tick = 0; !signal.aborted; tick += 1) {
    const started = Date.now()
    const { services } = await client.get<{ services: { serviceId: string }[] }>(`/focus?region=${world.region}`)
    const rows = dueRows(world, pace, new Set(services.map(({ serviceId }) => serviceId)), started)
    for (let from = 0; from < rows.length; from += chunkRows) await client.sendRows(rows.slice(from, from + chunkRows))
    if (tick % deskEveryTicks === 0) await desk.work(started)
    await wait(Math.max(0, started + tickMs - Date.now()), undefined, { signal })
  }
}

/** The measurements that are due at a moment. */
export function dueRows(world: World, pace: Pace, focused: ReadonlySet<string>, now: number): TelemetryRow[] {
  const rows: TelemetryRow[] = []
  for (const service of world.services) {
    if (!pace.take(service.serviceId, paceOf(world.plan, service, focused, now), now)) continue
    const row = rowAt(world, service, now, now)
    if (row !== undefined) rows.push(row)
  }
  return rows
}

function paceOf(plan: FaultPlan, service: SimulatedService, focused: ReadonlySet<string>, now: number): PaceName {
  // The line that traces are replayed to leaves the fast measurements to them.
  if (service.story === 'trace-replay') return 'background'
  if (focused.has(service.serviceId)) return 'focused'
  if (service.story !== undefined && service.story !== 'healthy') return 'affected'
  const fault = plan.ofElement(service.elementId, service.elementKind, now) ?? plan.ofService(service, now)
  if (fault === undefined) return 'background'
  return now - fault.startedAt < freshFaultMs ? 'affected' : 'lasting'
}
