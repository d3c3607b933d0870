import { createHash } from 'node:crypto'
import type { Document } from 'bson'
import type { Rests } from '../aggregate/pacer.ts'
import type { Collator } from '../values/collation.ts'
import { encodeValue, KeyType } from './encode-value.ts'
import { indexFieldValues, isEmptyArrayMark } from './index-fields.ts'
import { KeyBuffer } from './key-buffer.ts'

/** How an index turns documents into keys. */
export interface KeyPattern {
  paths: readonly (readonly string[])[]
  descending: readonly boolean[]
  sparse: boolean
  collator: Collator | undefined
  /** Set for an index without keys: what it demands of documents. */
  check?: ((document: Document) => void) | undefined
}

export interface IndexKeys {
  /** Distinct encoded keys, without index prefix and record id. */
  keys: Buffer[]
  /** The values of each key; undefined where a field is missing. */
  tuples: unknown[][]
  multikey: readonly boolean[]
  /** Some key was cut and ends in a digest: such keys are equal as their values are, but in no order past the cut. */
  clipped: boolean
  /** The keys as text, in their order; see {@link namesOf}. */
  names?: Set<string> | undefined
}

/** The keys as text. */
export function namesOf(found: IndexKeys): ReadonlySet<string> {
  return (found.names ??= new Set(found.keys.map((key) => key.toString('latin1'))))
}

/** LMDB's limit with 4 KiB pages is 1,978 bytes, which must also hold the index and record numbers. */
export const MAX_KEY_BYTES = 1900
const DIGEST_BYTES = 20

/** Cuts a key that is too long to store; equal keys stay equal and different ones different. */
export function clipKey(key: Buffer): Buffer {
  if (key.length <= MAX_KEY_BYTES) return key
  const digest = createHash('sha256').update(key).digest().subarray(0, DIGEST_BYTES)
  return Buffer.concat([key.subarray(0, MAX_KEY_BYTES - DIGEST_BYTES), digest])
}

const scratch = new KeyBuffer()

/** One value as an index field holds it: missing counts as null, an empty array as undefined, inverted when descending. */
export function appendField(key: KeyBuffer, value: unknown, descending: boolean, collator: Collator | undefined): void {
  const start = key.mark()
  if (isEmptyArrayMark(value)) key.byte(KeyType.missing)
  else encodeValue(key, value === undefined ? null : value, collator)
  if (descending) key.invert(start)
}

const withoutMark = (value: unknown): unknown => (isEmptyArrayMark(value) ? undefined : value)

/** The keys of one document in an index. @throws CommandError 171 for parallel arrays, and what a geospatial index throws */
export function indexKeysOf(document: Document, pattern: KeyPattern): IndexKeys {
  const { keys, tuples } = beginKeys(document, pattern)
  for (const tuple of tuples) addKey(keys, tuple, pattern)
  return keys
}

/** The same, while others have their turn between keys. */
export async function indexKeysInTurns(document: Document, pattern: KeyPattern, turns: Rests): Promise<IndexKeys> {
  const { keys, tuples } = beginKeys(document, pattern)
  for (const tuple of tuples) {
    addKey(keys, tuple, pattern)
    const rest = turns.step()
    if (rest) await rest
  }
  return keys
}

/** No keys yet, and the tuples that they are made of. */
function beginKeys(document: Document, pattern: KeyPattern): { keys: IndexKeys; tuples: readonly unknown[][] } {
  pattern.check?.(document)
  const { tuples, multikey } = pattern.check
    ? { tuples: [], multikey: pattern.paths.map(() => false) }
    : indexFieldValues(document, pattern.paths)
  const names = tuples.length > 1 ? new Set<string>() : undefined
  return { keys: { keys: [], tuples: [], multikey, clipped: false, names }, tuples }
}

function addKey(result: IndexKeys, tuple: unknown[], pattern: KeyPattern): void {
  if (pattern.sparse && tuple.every((value) => value === undefined)) return
  scratch.reset()
  for (let i = 0; i < tuple.length; i++)
    appendField(scratch, tuple[i], pattern.descending[i] as boolean, pattern.collator)
  const whole = scratch.slice()
  const key = clipKey(whole)
  const { names } = result
  if (names) {
    const before = names.size
    if (names.add(key.toString('latin1')).size === before) return
  }
  if (key !== whole) result.clipped = true
  result.keys.push(key)
  const marked = result.multikey.includes(true) && tuple.some(isEmptyArrayMark)
  result.tuples.push(marked ? tuple.map(withoutMark) : tuple)
}
