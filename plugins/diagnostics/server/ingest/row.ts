import { Ajv2020 } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { measuredIds, metrics, supports, type MetricId, type MetricValues } from '../metrics/catalogue.ts'
import { dateTime } from '../schemas.ts'

/** One line of `POST /telemetry` after its shape was checked. `seq` counts up within `source`. */
export interface TelemetryRow {
  readonly source: string
  readonly seq: number
  readonly serviceId: string
  /** ISO 8601 with offset. */
  readonly at: string
  readonly metrics: MetricValues
  readonly simulated?: boolean
}

export interface RowProblem {
  readonly code:
    | 'invalid_utf8'
    | 'invalid_json'
    | 'line_too_long'
    | 'invalid_row'
    | 'metric_out_of_range'
    | 'metric_not_for_technology'
    | 'at_in_future'
    | 'at_too_old'
    | 'unknown_service'
    | 'sequence_reused'
  readonly message: string
}

/** JSON Schema of one line; every object is closed and every metric bounded by its plausible range. */
export const telemetryRowSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['source', 'seq', 'serviceId', 'at', 'metrics'],
  properties: {
    source: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$' },
    seq: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    serviceId: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$' },
    at: dateTime,
    metrics: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: Object.fromEntries(
        measuredIds.map((id) => [
          id,
          { type: 'number', minimum: metrics[id].plausible[0], maximum: metrics[id].plausible[1] },
        ]),
      ),
    },
    simulated: { type: 'boolean' },
  },
} as const

// Each start waits for it, so a spec checks that the schema is one.
const ajv = new Ajv2020({ validateSchema: false, formats: { 'date-time': fullFormats['date-time'] } })
const validate = ajv.compile<TelemetryRow>(telemetryRowSchema)

/** Parses one line of text. */
export function parseRow(line: string): { row: TelemetryRow } | { problem: RowProblem } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { problem: { code: 'invalid_json', message: 'The line is not one JSON object.' } }
  }
  if (namesTwice(line, value))
    return { problem: { code: 'invalid_json', message: 'The line names the same member twice in one object.' } }
  if (validate(value)) return { row: value }
  const [error] = validate.errors ?? []
  const outOfRange = error?.instancePath.startsWith('/metrics/') === true && /imum$/.test(error.keyword)
  return {
    problem: {
      code: outOfRange ? 'metric_out_of_range' : 'invalid_row',
      message: `${error?.instancePath || 'The row'} ${error?.message ?? 'is not valid'}.`,
    },
  }
}

/** Of two members with one name, one is lost, and its quotes with it. */
function namesTwice(line: string, value: unknown): boolean {
  return quotesIn(line) > quotesIn(JSON.stringify(value))
}

function quotesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1
  return count
}

export interface RowWindow {
  /** Oldest and newest accepted `at`, milliseconds since the epoch. */
  readonly oldest: number
  readonly newest: number
}

/** Checks what a schema cannot: the time against the window, the metrics against the service's technology. */
export function checkRow(
  row: TelemetryRow,
  service: ServiceRecord | undefined,
  window: RowWindow,
): RowProblem | undefined {
  const at = Date.parse(row.at)
  if (at > window.newest) return { code: 'at_in_future', message: `"at" ${row.at} lies too far in the future.` }
  if (at < window.oldest) return { code: 'at_too_old', message: `"at" ${row.at} is older than raw samples are kept.` }
  if (service === undefined)
    return { code: 'unknown_service', message: `There is no service "${row.serviceId}" in this region.` }
  const alien = (Object.keys(row.metrics) as MetricId[]).find((id) => !supports(id, service.technology))
  if (alien === undefined) return undefined
  return { code: 'metric_not_for_technology', message: `A ${service.technology} service has no metric "${alien}".` }
}
