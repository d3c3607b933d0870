import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { metrics, type MetricId, type MetricValues } from '../server/metrics/catalogue.ts'

/** One measured second of a radio trace; `offsetMs` counts from the first row. */
export interface TracePoint {
  readonly offsetMs: number
  readonly metrics: MetricValues
}

type Record = { readonly [column: string]: string }

/** Columns in the layout of the 5G production dataset (Raca et al., MMSys 2020) and what they mean here. */
const columns: readonly { column: string; metric: MetricId; scale: number; when?: (record: Record) => boolean }[] = [
  // On 2G and 3G the same columns hold RSCP and Ec/N0, which are other quantities.
  { column: 'RSRP', metric: 'rsrp', scale: 1, when: isLteOrNr },
  { column: 'RSRQ', metric: 'rsrq', scale: 1, when: isLteOrNr },
  { column: 'SNR', metric: 'sinr', scale: 1, when: isLteOrNr },
  // kbit/s; of an idle phone they say nothing about what the network could do.
  { column: 'DL_bitrate', metric: 'down', scale: 1 / 1000, when: isActive },
  { column: 'UL_bitrate', metric: 'up', scale: 1 / 1000, when: isActive },
  { column: 'PINGAVG', metric: 'latency', scale: 1 },
  { column: 'PINGLOSS', metric: 'loss', scale: 1 },
]

function isLteOrNr({ NetworkMode }: Record): boolean {
  return NetworkMode === 'LTE' || NetworkMode === '5G'
}

function isActive({ State }: Record): boolean {
  return State === 'D'
}

/**
 * The metrics of one row. `-` and empty mean not measured; values that no receiver can report (the traces mark lost signal with
 * -200 and -30) are taken for not measured as well.
 */
export function metricsOf(record: Record): MetricValues {
  const values: Partial<{ -readonly [Id in MetricId]: number }> = {}
  for (const { column, metric, scale, when } of columns) {
    const text = record[column]
    if (text === undefined || text === '' || text === '-' || when?.(record) === false) continue
    const value = Number(text.replace(',', '.')) * scale
    const [low, high] = metrics[metric].plausible
    if (Number.isFinite(value) && value >= low && value <= high) values[metric] = Math.round(value * 1000) / 1000
  }
  return values
}

/** Of one row, bytes: a quote that is never closed would take the rest of the file for one value. */
const longestRow = 64 * 1024

/** `2019.12.01_12.11.21` as milliseconds; the traces name no zone, only differences count. @throws Error for another form */
export function traceTime(text: string | undefined): number {
  const match = /^(\d{4})\.(\d{2})\.(\d{2})_(\d{2})\.(\d{2})\.(\d{2})$/.exec(text ?? '')
  const [, year, month, day, hour, minute, second] = match ?? []
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  // Quoted as JSON, so that a file writes no control codes to the terminal.
  if (Number.isNaN(time))
    throw new Error(`${JSON.stringify((text ?? '').slice(0, 40))} is not a time like 2019.12.01_12.11.21`)
  return time
}

/**
 * Reads a trace point by point. Neighbouring rows of the same second become one, the later value of each metric wins; seconds without
 * any metric are left out. A row that comes too late in the file keeps its own time.
 * @throws Error that names file and line for a file in another layout
 */
export async function* readTrace(file: string): AsyncGenerator<TracePoint> {
  const delimiter = await delimiterOf(file)
  const source = createReadStream(file)
  const parser = source.pipe(
    parse({
      columns: checkHeader,
      delimiter,
      info: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      max_record_size: longestRow,
    }),
  )
  // A pipe does not pass errors on: a file that cannot be read would be nobody's.
  source.on('error', (error) => parser.destroy(error))
  let start: number | undefined
  let current: { at: number; metrics: MetricValues } | undefined
  for await (const { record, info } of parser as AsyncIterable<{ record: Record; info: { lines: number } }>) {
    const at = timeAt(record, info.lines)
    start ??= at
    if (current !== undefined && at !== current.at) {
      if (Object.keys(current.metrics).length > 0) yield { offsetMs: current.at - start, metrics: current.metrics }
      current = undefined
    }
    current = { at: current?.at ?? at, metrics: { ...current?.metrics, ...metricsOf(record) } }
  }
  // Without a row there may have been no header either: an empty file passes every check of one.
  if (start === undefined) throw new Error('This is not a radio trace: it has no rows.')
  if (current !== undefined && Object.keys(current.metrics).length > 0) {
    yield { offsetMs: current.at - start, metrics: current.metrics }
  }
}

/** Where the comma is the decimal mark, spreadsheets write semicolons between the columns. */
async function delimiterOf(file: string): Promise<',' | ';'> {
  const [head = ''] = await createReadStream(file, { encoding: 'latin1', end: 4096 }).take(1).toArray()
  const [header = ''] = String(head).split('\n', 1)
  return header.includes(';') ? ';' : ','
}

function checkHeader(header: string[]): string[] {
  const missing = ['Timestamp', 'NetworkMode', 'State', ...columns.map(({ column }) => column)].filter(
    (name) => !header.includes(name),
  )
  if (missing.length > 0) throw new Error(`This is not a radio trace: the header lacks ${missing.join(', ')}.`)
  return header
}

function timeAt(record: Record, line: number): number {
  try {
    return traceTime(record['Timestamp'])
  } catch (error) {
    throw new Error(`Line ${line}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
