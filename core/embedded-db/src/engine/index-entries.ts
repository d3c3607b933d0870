import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { indexKeysOf, namesOf } from '../keys/index-keys.ts'
import type { IndexKeys } from '../keys/index-keys.ts'
import type { Index } from './collection.ts'
import { entryKey, tableKey } from './keyspace.ts'
import type { ReadyKeys } from './large-keys.ts'

/** The keys of one document in one index. */
export interface Keyed {
  index: Index
  found: IndexKeys
}

/** What one index holds of one document, or what of it differs from another one. */
export interface Entries {
  index: Index
  keys: Buffer[]
  /** The keys as the store holds them. */
  stored: Buffer[]
  tuples: unknown[][]
}

/** The keys of a document in each index that holds it; `widen` is told of one that turns out to reach into arrays. */
export function keysOf(
  indexes: readonly Index[],
  document: Document,
  record: number,
  widen: (index: Index) => void,
  ready?: ReadyKeys,
): Keyed[] {
  const all: Keyed[] = []
  for (const index of indexes) {
    if (record > index.builtThrough || (index.partial && !index.partial(document))) continue
    const found = ready?.get(index.pattern) ?? indexKeysOf(document, index.pattern)
    const { multikey, clipped } = found
    const arrays = multikey.includes(true)
    const wider = (arrays && multikey.some((is, i) => is && !index.multikey[i])) || (clipped && !index.clipped)
    if (wider) {
      refuseHashedArray(index, multikey)
      index.multikey = index.multikey.map((was, i) => was || multikey[i] === true)
      index.clipped ||= clipped
      widen(index)
    }
    all.push({ index, found })
  }
  return all
}

/** @throws CommandError 16766 for an array in a hashed field */
export function refuseHashedArray(index: Index, multikey: readonly boolean[]): void {
  if (multikey.some((is, i) => is && (index.spec.key as Document)[index.fields[i] as string] === 'hashed'))
    throw new CommandError(16766, 'Location16766', 'Error: hashed indexes do not currently support array values')
}

/** The entries of a record. */
export function entriesOf({ index, found }: Keyed, record: number): Entries {
  const { keys, tuples } = found
  return { index, keys, stored: keys.map((key) => storedKey(index, key, record)), tuples }
}

/** Those of them that it does not have under the keys of another document. */
export function entriesBeyond({ index, found }: Keyed, others: readonly Keyed[], record: number): Entries {
  const other = others.find((one) => one.index === index)?.found
  const keys: Buffer[] = []
  const tuples: unknown[][] = []
  if (other?.keys.length === 1 && found.keys.length === 1) {
    if ((found.keys[0] as Buffer).equals(other.keys[0] as Buffer)) return { index, keys, stored: [], tuples }
  } else if (other && other.keys.length > 0) {
    const known = namesOf(other)
    let i = 0
    for (const name of namesOf(found)) {
      if (!known.has(name)) {
        keys.push(found.keys[i] as Buffer)
        tuples.push(found.tuples[i] as unknown[])
      }
      i++
    }
    return { index, keys, stored: keys.map((key) => storedKey(index, key, record)), tuples }
  }
  return entriesOf({ index, found }, record)
}

function storedKey(index: Index, key: Buffer, record: number): Buffer {
  return index.unique ? tableKey(index.table, key) : entryKey(index.table, key, record)
}
