import type { Rests } from '../aggregate/pacer.ts'
import { decode } from '../bson/decode.ts'
import type { RawDocument } from '../bson/types.ts'
import { indexKeysInTurns } from '../keys/index-keys.ts'
import type { IndexKeys, KeyPattern } from '../keys/index-keys.ts'
import type { Collection, Index } from './collection.ts'

/** A document of so many bytes may have more keys than others should wait for. */
const LARGE_BYTES = 32 * 1024

export type ReadyKeys = ReadonlyMap<KeyPattern, IndexKeys>

export const mayHaveManyKeys = (bytes: RawDocument): boolean => bytes.length >= LARGE_BYTES

/** The keys of a large document in these indexes, made while others have their turn. */
export async function keysInTurns(
  collection: Collection,
  indexes: readonly Index[],
  bytes: RawDocument,
  turns: Rests,
): Promise<ReadyKeys> {
  const ready = new Map<KeyPattern, IndexKeys>()
  const document = decode(bytes, collection.indexedFields)
  for (const { partial, pattern } of indexes)
    if (!partial || partial(document)) ready.set(pattern, await indexKeysInTurns(document, pattern, turns))
  return ready
}
