import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { ProblemDetail } from '@dcesop/sdk-plugin'
import { isCalendarDay, isTimeZone } from './formats.ts'
import { importRowSchema, type ImportRow } from './row-schema.ts'

// Each start waits for it, so a spec checks that the schema is one.
const ajv = new Ajv2020({ allErrors: false, strict: true, validateSchema: false })
// Beside the patterns of the schema, which settle the form.
ajv.addFormat('date', isCalendarDay).addFormat('date-time', isCalendarDay).addFormat('time-zone', isTimeZone)
const isRow = ajv.compile<ImportRow>(importRowSchema)

/** Values may be personal: the message names the rule, never what was sent. */
function describe(line: number, error: ErrorObject): ProblemDetail {
  return {
    line,
    pointer: error.instancePath,
    code: 'invalid_row',
    message: `${error.instancePath || 'The row'} ${error.message ?? 'is not valid'}.`,
  }
}

/** The row of one line, or what is wrong with it. */
export function parseRow(line: number, text: string): { row: ImportRow } | { error: ProblemDetail } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { error: { line, code: 'invalid_json', message: 'The line is not one JSON value.' } }
  }
  if (namesTwice(text, value))
    return { error: { line, code: 'invalid_json', message: 'The line names the same member twice in one object.' } }
  if (isRow(value)) return { row: value }
  const [first] = isRow.errors ?? []
  return {
    error:
      first === undefined ? { line, code: 'invalid_row', message: 'The row is not valid.' } : describe(line, first),
  }
}

/** Of two members with one name, one is lost, and its quotes with it. */
function namesTwice(text: string, value: unknown): boolean {
  return quotesIn(text) > quotesIn(JSON.stringify(value))
}

function quotesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1
  return count
}
