import { calculateObjectSize } from 'bson'
import { slicedSort } from '../../aggregate/sliced-sort.ts'
import type { Rests } from '../../aggregate/pacer.ts'
import { RawArray } from '../../bson/writer.ts'
import { CommandError } from '../../errors.ts'
import type { Collator } from '../../values/collation.ts'
import { compareValues } from '../../values/compare.ts'
import { hashKey } from '../../values/hash-key.ts'
import { keyValues } from '../../values/paths.ts'
import { MAX_BSON_OBJECT_SIZE } from '../../wire/limits.ts'
import { arrayInTurns } from './encode-in-turns.ts'

/** The bytes of a document without fields. */
const EMPTY = 5

/** The different values at a path of documents; of values that are equal the first stands for all. */
export class DistinctValues {
  private readonly found = new Map<string, unknown>()
  private bytes = 0
  private readonly names: readonly string[]
  private readonly collator: Collator | undefined

  constructor(path: string, collator: Collator | undefined) {
    this.names = path.split('.')
    this.collator = collator
  }

  /** @throws CommandError 17217 when the values are more than one document holds */
  add(document: Record<string, unknown>): void {
    for (const value of presentValues(document, this.names)) {
      const key = hashKey(value, this.collator)
      if (this.found.has(key)) continue
      this.found.set(key, value)
      this.bytes += calculateObjectSize({ [this.found.size]: value }) - EMPTY
      if (this.bytes > MAX_BSON_OBJECT_SIZE)
        throw new CommandError(17217, 'Location17217', 'distinct too big, 16mb cap')
    }
  }

  /** The values in order, as a reply holds them. */
  async sorted(turns: Rests): Promise<RawArray> {
    const order = (a: unknown, b: unknown): number => compareValues(a, b, this.collator)
    const bytes = await arrayInTurns(await slicedSort([...this.found.values()], order, turns), turns)
    return new RawArray([bytes], bytes.length)
  }
}

/** The values at a path, without the null that stands for a missing field. */
function presentValues(document: Record<string, unknown>, names: readonly string[]): unknown[] {
  const values = keyValues(document, names).filter((value) => value !== undefined)
  if (!values.includes(null)) return values
  return hasNull(document, names) ? values : values.filter((value) => value !== null)
}

function hasNull(value: unknown, names: readonly string[]): boolean {
  if (names.length === 0) return value === null || (Array.isArray(value) && value.includes(null))
  if (Array.isArray(value)) {
    const [first = '', ...rest] = names
    return (
      value.some((item) => !Array.isArray(item) && hasNull(item, names)) ||
      (/^\d+$/.test(first) && hasNull(value[Number(first)], rest))
    )
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, names[0] as string)) return false
  return hasNull((value as Record<string, unknown>)[names[0] as string], names.slice(1))
}
