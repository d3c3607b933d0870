/** The values of the model: plain ones, with undefined for what is missing. */
export type Value = null | boolean | number | string | Date | readonly Value[] | Row
export interface Row {
  readonly [field: string]: Value
}

export function isRow(value: Value | undefined): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

/** The place of a type in the order of all values, after the manual. */
export function rank(value: Value | undefined): number {
  if (value === undefined) return 0
  if (value === null) return 1
  if (typeof value === 'number') return 2
  if (typeof value === 'string') return 3
  if (isRow(value)) return 4
  if (isList(value)) return 5
  return typeof value === 'boolean' ? 6 : 7
}

/** The order of all values, type by type. */
export function order(a: Value | undefined, b: Value | undefined): number {
  const types = rank(a) - rank(b)
  if (types !== 0) return types
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (isList(a) && isList(b)) return orderLists(a, b)
  if (isRow(a) && isRow(b)) return orderRows(Object.entries(a), Object.entries(b))
  if (typeof a === 'boolean' || a instanceof Date) return Number(a) - Number(b)
  return 0
}

function orderLists(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const one = order(a[i], b[i])
    if (one !== 0) return one
  }
  return a.length - b.length
}

/** Field by field: the type of the value first, then the name, then the value. */
function orderRows(a: [string, Value][], b: [string, Value][]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [nameA, valueA] = a[i] as [string, Value]
    const [nameB, valueB] = b[i] as [string, Value]
    const one = rank(valueA) - rank(valueB) || order(nameA, nameB) || order(valueA, valueB)
    if (one !== 0) return one
  }
  return a.length - b.length
}

export const same = (a: Value | undefined, b: Value | undefined): boolean => order(a, b) === 0

/** What a path leads to: one value for each way through arrays of rows, undefined where a row lacks the field. */
export function reach(value: Value | undefined, path: readonly string[]): (Value | undefined)[] {
  const [name, ...rest] = path
  if (name === undefined) return [value]
  if (isList(value)) return value.flatMap((item) => (isRow(item) ? reach(item, path) : []))
  return isRow(value) ? reach(value[name], rest) : [undefined]
}

/** Whether a path meets an array, on its way or at its end. */
export function passesList(row: Row, path: string): boolean {
  const names = path.split('.')
  return names.some((_, i) => reach(row, names.slice(0, i + 1)).some((value) => isList(value)))
}

/** The same with arrays at the end opened, as an index and a sort see it. */
export function keysAt(row: Row, path: string): (Value | undefined)[] {
  const found = reach(row, path.split('.')).flatMap((value): readonly (Value | undefined)[] => {
    if (!isList(value)) return [value ?? null]
    return value.length === 0 ? [undefined] : value
  })
  return found.length === 0 ? [null] : found
}
