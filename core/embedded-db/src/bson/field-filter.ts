/** Tells by their bytes which field names are in a set, without making strings of the others. */
export class FieldFilter {
  readonly size: number
  /** The names by their length in UTF-8. */
  private readonly byLength: ({ name: string; bytes: Buffer }[] | undefined)[] = []

  constructor(names: Iterable<string>) {
    let size = 0
    for (const name of names) {
      const bytes = Buffer.from(name)
      ;(this.byLength[bytes.length] ??= []).push({ name, bytes })
      size++
    }
    this.size = size
  }

  /** The name in `bytes[start, end)` when it is in the set. */
  find(bytes: Buffer, start: number, end: number): string | undefined {
    const candidates = this.byLength[end - start]
    if (candidates) for (const one of candidates) if (same(one.bytes, bytes, start)) return one.name
    return undefined
  }
}

function same(name: Buffer, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false
  return true
}

/** Names of so few and short fields come again and again. */
const KEPT = { sets: 1000, length: 200 }
const sets = new Map<string, ReadonlySet<string>>()

/** A set of names: the same one for the same names, so that its filter is made once. */
export function fieldSet(names: readonly string[]): ReadonlySet<string> {
  const key = names.join('\0')
  const known = sets.get(key)
  if (known) return known
  const set = new Set(names)
  if (sets.size >= KEPT.sets) sets.clear()
  if (key.length <= KEPT.length) sets.set(key, set)
  return set
}

const filters = new WeakMap<ReadonlySet<string>, FieldFilter>()
let lastSet: ReadonlySet<string> | undefined
let lastFilter: FieldFilter | undefined

/** The filter of a set, made once; the set must not change afterwards. */
export function filterOf(names: ReadonlySet<string>): FieldFilter {
  if (names === lastSet && lastFilter) return lastFilter
  let filter = filters.get(names)
  if (filter?.size !== names.size) filters.set(names, (filter = new FieldFilter(names)))
  lastSet = names
  lastFilter = filter
  return filter
}
