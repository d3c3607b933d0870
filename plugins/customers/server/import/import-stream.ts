import type { ProblemDetail } from '@dcesop/sdk-plugin'
import type { RegionProfile } from '../regions.ts'
import { readLines } from './lines.ts'
import { parseRow } from './parse-row.ts'
import { toRecords, type CustomerRecords } from './to-records.ts'
import type { BatchOutcome } from './write-batch.ts'

const maxLineBytes = 32 * 1024
const batchSize = 500
const maxReported = 100

/** What an import did. `errors` names the first 100 rejected lines; `rejected` counts all. */
export interface ImportReport {
  readonly received: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly errors: readonly ProblemDetail[]
}

const messages = {
  line_too_long: `The line is longer than ${maxLineBytes} bytes.`,
  invalid_utf8: 'The line is not valid UTF-8.',
} as const

/**
 * Reads NDJSON rows and hands them on in batches of 500; the next bytes are asked for when the batch is written, so that a
 * slow store slows the sender down. Good rows are stored even where others are rejected. A batch holds each customer once.
 */
export async function importStream(
  source: AsyncIterable<Uint8Array>,
  region: string,
  profile: RegionProfile,
  write: (batch: readonly CustomerRecords[]) => Promise<BatchOutcome>,
): Promise<ImportReport> {
  const report = { received: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, errors: [] as ProblemDetail[] }
  let batch = new Map<string, CustomerRecords>()

  function reject(error: ProblemDetail): void {
    report.rejected++
    if (report.errors.length < maxReported) report.errors.push(error)
  }

  async function flush(): Promise<void> {
    if (batch.size === 0) return
    const outcome = await write([...batch.values()])
    batch = new Map()
    report.created += outcome.created
    report.updated += outcome.updated
    report.unchanged += outcome.unchanged
  }

  for await (const line of readLines(source, maxLineBytes)) {
    report.received++
    if ('error' in line) {
      reject({ line: line.line, code: line.error, message: messages[line.error] })
      continue
    }
    const parsed = parseRow(line.line, line.text)
    const result = 'row' in parsed ? toRecords(line.line, parsed.row, region, profile) : parsed
    if ('error' in result) {
      reject(result.error)
      continue
    }
    const { _id: id } = result.records.person
    if (batch.size >= batchSize || batch.has(id)) await flush()
    batch.set(id, result.records)
  }
  await flush()
  return report
}
