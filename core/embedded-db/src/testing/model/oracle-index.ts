import { matches } from './match.ts'
import { Refused } from './update.ts'
import { isList, passesList, reach } from './values.ts'
import type { Row, Value } from './values.ts'

const PARALLEL_ARRAYS = 171
const MISSING = Symbol('missing')

type Part = Value | typeof MISSING

export interface IndexOptions {
  unique?: boolean
  sparse?: boolean
  partialFilterExpression?: Row
}

/** An index as a rule: which keys a row gives it. */
export class OracleIndex {
  readonly name: string
  readonly unique: boolean
  private readonly paths: readonly string[]
  private readonly options: IndexOptions

  constructor(name: string, pattern: Row, options: IndexOptions) {
    this.name = name
    this.paths = Object.keys(pattern)
    this.options = options
    this.unique = options.unique === true
  }

  /** @throws Refused when two of its fields are arrays */
  keysOf(row: Row): string[] {
    const { sparse, partialFilterExpression: partial } = this.options
    if (partial && !matches(row, partial)) return []
    if (this.paths.filter((path) => passesList(row, path)).length > 1) throw new Refused(PARALLEL_ARRAYS)
    let keys: Part[][] = [[]]
    for (const path of this.paths)
      keys = keys.flatMap((key) => partsAt(row, path).map((part): Part[] => [...key, part]))
    // An item of an array without any of the fields gives no key, whatever the other items have.
    if (sparse) keys = keys.filter((key) => key.some((part) => part !== MISSING))
    return [...new Set(keys.map((key) => text(key)))]
  }

  /** The row that has a key. */
  ownerOf(key: string, rows: readonly [number, Row][]): number | undefined {
    return rows.find(([, row]) => this.keysOf(row).includes(key))?.[0]
  }
}

/** What a row gives for one field of a key: the items of an array, something of its own for an empty one. */
function partsAt(row: Row, path: string): Part[] {
  const found = reach(row, path.split('.')).flatMap((value): readonly Part[] => {
    if (!isList(value)) return [value === undefined ? MISSING : value]
    return value.length === 0 ? [['nothing']] : value
  })
  return found.length === 0 ? [MISSING] : found
}

/** A text that is the same exactly for the same values; what is missing counts as null. */
function text(key: readonly Part[]): string {
  const values = key.map((part) => (part === MISSING ? null : part))
  return JSON.stringify(values, function (this: Record<string, unknown>, name, value: unknown) {
    return this[name] instanceof Date ? { date: Number(this[name]) } : value
  })
}
