import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { typeName } from '../values/types.ts'

/** One compiled keyword of a schema. */
export interface KeywordCheck {
  name: string
  /** Whether the value satisfies it; values of types it does not speak of do. */
  test: (value: unknown) => boolean
  /** What MongoDB's error 121 reports when it does not. */
  explain: (value: unknown) => Document
}

/** A compiled schema: all checks must pass. */
export interface Schema {
  readonly description: Document
  readonly checks: readonly KeywordCheck[]
}

export function satisfies(schema: Schema, value: unknown): boolean {
  for (const check of schema.checks) if (!check.test(value)) return false
  return true
}

/** The details of every unsatisfied keyword. */
export function failures(schema: Schema, value: unknown): Document[] {
  return schema.checks.filter((check) => !check.test(value)).map((check) => check.explain(value))
}

/** A check that reports the value it considered. */
export function valueCheck(
  name: string,
  specified: unknown,
  reason: string,
  test: (value: unknown) => boolean,
  detail: (value: unknown) => Document = () => ({}),
): KeywordCheck {
  return {
    name,
    test,
    explain: (value) => ({
      operatorName: name,
      specifiedAs: { [name]: specified },
      reason,
      consideredValue: value,
      ...detail(value),
    }),
  }
}

export function typeDetail(value: unknown): Document {
  return { consideredType: typeName(value) }
}

export function schemaError(message: string, code = 9): CommandError {
  return new CommandError(code, code === 14 ? 'TypeMismatch' : code === 2 ? 'BadValue' : 'FailedToParse', message)
}

/** A keyword's non-negative integer. */
export function sizeOperand(name: string, value: unknown): number {
  if (!isNumeric(value)) throw schemaError(`$jsonSchema keyword '${name}' must be a number`, 14)
  const number = toNumber(value)
  if (!Number.isInteger(number) || number < 0)
    throw schemaError(`$jsonSchema keyword '${name}' must be a non-negative integer`)
  return number
}
