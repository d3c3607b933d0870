import { isNumeric, toNumber } from './number.ts'

/** MongoDB's coercion to a boolean: false, null, missing and every zero are false, all else (NaN, '' too) is true. */
export function isTruthy(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (value === null || value === undefined) return false
  return !isNumeric(value) || toNumber(value) !== 0
}
