import type { Readable } from 'node:stream'
import { notFound, Problem, type Identity, type RegionId, type RouteDefinition } from '@dcesop/sdk-plugin'
import { clockToleranceMs, type Retention } from '../config.ts'
import { closed, region } from '../schemas.ts'
import { storesFor, type Services } from '../services.ts'
import { Arrivals } from './arrivals.ts'
import { BatchRecords } from './batch-records.ts'
import { InFlight } from './in-flight.ts'
import { ingestBatch } from './ingest-batch.ts'
import { batchReport } from '../answers.ts'

interface Shapes {
  Query: { region?: RegionId }
  Payload: Readable
}

const hourMs = 3_600_000
const retrySeconds = 1

/** `POST /telemetry`: NDJSON rows in, counts and per-row errors out. */
export function telemetryRoute(services: Services): RouteDefinition<Shapes> {
  const inFlight = new InFlight()
  const arrivals = new Arrivals(services.now)
  const records = new BatchRecords()
  const { ingest: limits, retention } = services.settings
  const window = (): { oldest: number; newest: number } => {
    const now = services.now().getTime()
    return { oldest: now - acceptedMs(retention), newest: now + clockToleranceMs }
  }
  return {
    method: 'POST',
    path: '/telemetry',
    summary: 'Takes in measurements as NDJSON; rows are idempotent by source and sequence',
    query: closed({ region }, ['region']),
    responses: { 200: batchReport },
    async handler(request) {
      const where = regionOfMachine(request.identity, request.query.region)
      const stores = storesFor(services, request.identity, where)
      const leave = inFlight.enter({
        [`region ${where}`]: limits.batchesPerRegion,
        [`client ${where} ${request.identity.subject}`]: limits.batchesPerClient,
      })
      if (leave === undefined) {
        throw new Problem(
          429,
          'ingest_busy',
          'Too many batches are being stored. Send this one again a little later.',
          {
            retryAfter: retrySeconds,
          },
        )
      }
      try {
        const count = await records.begin(request, where)
        const report = await ingestBatch(stores, request.payload, {
          inventory: services.inventory,
          limits,
          window,
          arrivals,
          onStored: (...stored) => services.feed.pushSamples(...stored),
        })
        count(report)
        return report
      } finally {
        leave()
      }
    },
  }
}

/**
 * How old a row may be. Raw samples of the oldest hour may be expiring, and so may the bucket of the oldest hour of minutes: a row
 * there could not be rolled up with its neighbours, and its hour would lose them.
 */
function acceptedMs({ rawHours, minuteDays }: Retention): number {
  return Math.min(rawHours - 1, minuteDays * 24 - 2) * hourMs
}

/** A machine client belongs to one region, or says in which of its regions the batch was measured. */
function regionOfMachine(identity: Identity, asked: RegionId | undefined): RegionId {
  const [only, ...more] = identity.regions
  if (asked !== undefined) return asked
  if (only === undefined) throw notFound()
  if (more.length > 0)
    throw new Problem(400, 'region_required', 'This client serves several regions; name one with ?region=.')
  return only
}
