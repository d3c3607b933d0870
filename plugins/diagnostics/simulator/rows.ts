import type { TelemetryRow } from '../server/ingest/row.ts'
import type { FaultPlan } from './faults.ts'
import { measure } from './measure.ts'
import type { SimulatedService } from './service.ts'

/** What all parts of one region's simulation share. */
export interface World {
  readonly seed: string
  readonly region: string
  readonly plan: FaultPlan
  readonly services: readonly SimulatedService[]
}

/** A service whose probe fell silent has not been heard of for so long. */
const silentMs = 5 * 3_600_000

/**
 * The row of one measurement, labelled as simulated. Its sequence is its time, so the same measurement sent again, also after a
 * restart, is a duplicate.
 */
export function rowAt(world: World, service: SimulatedService, at: number, now: number): TelemetryRow | undefined {
  if (service.story === 'silent-telemetry' && at > now - silentMs) return undefined
  const measured = measure(world.seed, world.plan, service, at)
  if (measured === undefined) return undefined
  return {
    source: `sim.${service.serviceId}`,
    seq: at,
    serviceId: service.serviceId,
    at: new Date(at).toISOString(),
    metrics: measured.metrics,
    simulated: true,
  }
}
