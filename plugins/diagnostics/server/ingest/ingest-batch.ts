import type { RegionId } from '@dcesop/sdk-plugin'
import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { Inventory } from '../inventory/inventory.ts'
import type { SampleDocument } from '../series/sample.ts'
import type { Stores } from '../stores.ts'
import type { Arrivals } from './arrivals.ts'
import { readLines, type LineLimits } from './lines.ts'
import { checkRow, parseRow, type RowProblem, type RowWindow, type TelemetryRow } from './row.ts'
import { storeSamples } from './store-samples.ts'

export interface BatchReport {
  accepted: number
  duplicates: number
  rejected: number
  /** The first hundred faults. */
  errors: ({ line: number } & RowProblem)[]
}

export interface IngestParts {
  readonly inventory: Inventory
  readonly limits: LineLimits
  readonly window: () => RowWindow
  readonly arrivals: Arrivals
  /** Called with the rows of a chunk that are new, after they are durable. */
  readonly onStored: (
    region: RegionId,
    samples: readonly SampleDocument[],
    services: ReadonlyMap<string, ServiceRecord>,
  ) => Promise<void>
}

const chunkRows = 500
const shownErrors = 100

const faults: Record<'line_too_long' | 'invalid_utf8', string> = {
  line_too_long: 'The line is longer than a row may be.',
  invalid_utf8: 'The line is not UTF-8.',
}

const sequenceReused: RowProblem = {
  code: 'sequence_reused',
  message: 'The source sent another measurement under this sequence. One that counts anew needs another name.',
}

/**
 * Reads, checks and stores a batch chunk by chunk, so that memory does not grow with its size. Rows are idempotent one by one: when
 * the client goes away in the middle, the chunks stored so far stay, what was not stored is dropped, and sending the whole batch
 * again completes it.
 * @throws Problem 413 beyond the limits; whatever the body's stream or the database throws
 */
export async function ingestBatch(
  stores: Stores,
  body: AsyncIterable<Buffer | string>,
  parts: IngestParts,
): Promise<BatchReport> {
  const report: BatchReport = { accepted: 0, duplicates: 0, rejected: 0, errors: [] }
  let chunk: { line: number; row: TelemetryRow }[] = []
  for await (const line of readLines(body, parts.limits)) {
    if ('fault' in line) {
      reject(report, line.number, { code: line.fault, message: faults[line.fault] })
      continue
    }
    const parsed = parseRow(line.text)
    if ('problem' in parsed) reject(report, line.number, parsed.problem)
    else chunk.push({ line: line.number, row: parsed.row })
    if (chunk.length >= chunkRows) {
      await takeChunk(stores, chunk, parts, report)
      chunk = []
    }
  }
  if (chunk.length > 0) await takeChunk(stores, chunk, parts, report)
  report.errors.sort((a, b) => a.line - b.line)
  return report
}

async function takeChunk(
  stores: Stores,
  chunk: readonly { line: number; row: TelemetryRow }[],
  parts: IngestParts,
  report: BatchReport,
): Promise<void> {
  const services = await parts.inventory.find(
    stores.region,
    chunk.map(({ row }) => row.serviceId),
  )
  const window = parts.window()
  const ingestedAt = await parts.arrivals.next(stores)
  const lines = new Map<SampleDocument, number>()
  for (const { line, row } of chunk) {
    const problem = checkRow(row, services.get(row.serviceId), window)
    if (problem === undefined) lines.set(toSample(row, ingestedAt), line)
    else reject(report, line, problem)
  }
  const { fresh, contradicting } = await storeSamples(stores, [...lines.keys()])
  report.accepted += fresh.length
  report.duplicates += lines.size - fresh.length - contradicting.size
  for (const sample of contradicting) reject(report, lines.get(sample) ?? 0, sequenceReused)
  if (fresh.length > 0) await parts.onStored(stores.region, fresh, services)
}

function toSample(row: TelemetryRow, ingestedAt: Date): SampleDocument {
  return {
    _id: `${row.source}:${row.seq}`,
    source: row.source,
    serviceId: row.serviceId,
    at: new Date(row.at),
    ingestedAt,
    metrics: row.metrics,
    simulated: row.simulated ?? false,
  }
}

function reject(report: BatchReport, line: number, problem: RowProblem): void {
  report.rejected += 1
  if (report.errors.length < shownErrors) report.errors.push({ line, ...problem })
}
