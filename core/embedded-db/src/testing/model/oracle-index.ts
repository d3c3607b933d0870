import { matches } from './match.ts'
import { Refused } from './update.ts'
import { isList, keysAt, reach } from './values.ts'
import type { Row, Value } from './values.ts'

const PARALLEL_ARRAYS = 171

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
    if (sparse && this.paths.every((path) => reach(row, path.split('.')).every((value) => value === undefined)))
      return []
    let keys: Value[][] = [[]]
    for (const path of this.paths)
      keys = keys.flatMap((key) =>
        keysAt(row, path).map((value) => [...key, value === undefined ? ['nothing'] : value]),
      )
    return [...new Set(keys.map((key) => text(key)))]
  }

  /** The row that has a key. */
  ownerOf(key: string, rows: readonly [number, Row][]): number | undefined {
    return rows.find(([, row]) => this.keysOf(row).includes(key))?.[0]
  }
}

function passesList(row: Row, path: string): boolean {
  const names = path.split('.')
  return names.some((_, i) => reach(row, names.slice(0, i + 1)).some((value) => isList(value)))
}

/** A text that is the same exactly for the same values. */
function text(key: readonly Value[]): string {
  return JSON.stringify(key, function (this: Record<string, unknown>, name, value: unknown) {
    return this[name] instanceof Date ? { date: Number(this[name]) } : value
  })
}
