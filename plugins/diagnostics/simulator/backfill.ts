import { setTimeout as wait } from 'node:timers/promises'
import type { MachineClient } from '../machine/client.ts'
import type { TelemetryRow } from '../server/ingest/row.ts'
import { rowAt, type World } from './rows.ts'
import type { SimulatedService } from './service.ts'

const hourMs = 3_600_000
const spanMs = 24 * hourMs
/** Fine for the stories that people look at; coarse for the crowd, whose day only shows the rhythm. */
const everyMs = { story: 5 * 60_000, crowd: 3 * hourMs } as const
const chunkRows = 500

/** Moments of the last day that are missing: from the newest sample on, or all of the day; the newest moment is `now`. */
export function missingMoments(now: number, lastAt: number | undefined, stepMs: number): number[] {
  const from = Math.max(now - spanMs, (lastAt ?? 0) + stepMs / 2)
  const moments: number[] = []
  for (let at = now; at >= from; at -= stepMs) moments.push(at)
  return moments.reverse()
}

/**
 * Fills the last 24 hours of the services where samples are missing, service by service, since rows of one service are cheap to
 * roll up together.
 * @param rest how long to leave the host alone after each chunk, as a multiple of what the chunk took
 * @returns how many rows were sent
 */
export async function backfill(
  client: MachineClient,
  world: World,
  services: readonly (SimulatedService & { readonly lastAt?: number })[],
  options: { now: number; rest: number; signal: AbortSignal },
): Promise<number> {
  let sent = 0
  let chunk: TelemetryRow[] = []
  const send = async (): Promise<void> => {
    const started = performance.now()
    await client.sendRows(chunk)
    sent += chunk.length
    chunk = []
    await wait((performance.now() - started) * options.rest, undefined, { signal: options.signal })
  }
  for (const service of services) {
    const stepMs = service.story === undefined ? everyMs.crowd : everyMs.story
    for (const at of missingMoments(options.now, service.lastAt, stepMs)) {
      const row = rowAt(world, service, at, options.now)
      if (row !== undefined) chunk.push(row)
      if (chunk.length >= chunkRows) await send()
    }
  }
  if (chunk.length > 0) await send()
  return sent
}
