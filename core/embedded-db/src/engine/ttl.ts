import { appendField } from '../keys/index-keys.ts'
import { KeyBuffer } from '../keys/key-buffer.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { KeyType } from '../keys/encode-value.ts'
import type { Collection, Hit, Index } from './collection.ts'
import { SLICE_MS } from './commit-queue.ts'
import { deleteDocument } from './documents.ts'
import type { Engine } from './engine.ts'
import { recordKey, recordOfKey, tableKey } from './keyspace.ts'
import { Blocked } from './write-context.ts'
import type { WriteContext } from './write-context.ts'

/** Removes documents whose TTL index says they are past their time. Returns how many. */
export async function sweepExpired(engine: Engine, now = Date.now()): Promise<number> {
  let removed = 0
  for (const collection of [...engine.catalogue.collections.values()]) {
    for (const index of collection.indexes) {
      const lifetime = lifetimeOf(collection, index)
      if (lifetime === undefined || !index.ready) continue
      const limit = now - lifetime * 1000
      let more = true
      while (more) {
        more = await engine.write((context) => {
          if (engine.catalogue.collections.get(collection.namespace) !== collection) return false
          const count = removeExpired(context, collection, index, limit)
          removed += count
          return count > 0
        })
      }
    }
  }
  return removed
}

/** How many seconds after its date a document goes; a clustered collection has it for what it is clustered by, `_id` or the time of a series. */
function lifetimeOf({ options }: Collection, index: Index): number | undefined {
  const clustered: unknown = options.clusteredIndex ?? options.timeseries
  const ofCollection: unknown = clustered && index.name === '_id_' && options.expireAfterSeconds
  return index.expireAfterSeconds ?? (isNumeric(ofCollection) ? toNumber(ofCollection) : undefined)
}

/** One slice: the dates up to the limit are one range of the index, whichever way it runs. */
function removeExpired(context: WriteContext, collection: Collection, index: Index, limit: number): number {
  const until = performance.now() + SLICE_MS
  const edge = new KeyBuffer()
  appendField(edge, new Date(limit), false, undefined)
  const low = Buffer.of(KeyType.date)
  const high = Buffer.concat([edge.slice(), Buffer.of(0xff)])
  const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => ~byte & 0xff))
  const [start, end] = index.pattern.descending[0]
    ? [flip(high).subarray(0, -1), Buffer.of(~(KeyType.date - 1) & 0xff)]
    : [low, high]
  const records: number[] = []
  for (const { key, value } of context.range({
    start: tableKey(index.table, start),
    end: tableKey(index.table, end),
  })) {
    records.push(recordOfKey(index.unique ? value : key))
    if (records.length >= 1000) break
  }
  let count = 0
  for (const record of new Set(records)) {
    const bytes = context.get(recordKey(collection.table, record))
    if (!bytes) continue
    if (deleteUnlessHeld(context, collection, { record, bytes })) count++
    if (performance.now() > until) break
  }
  return count
}

/** A document that an open transaction holds is left for the next sweep, so that none has to wait for it. */
function deleteUnlessHeld(context: WriteContext, collection: Collection, hit: Hit): boolean {
  try {
    deleteDocument(context, collection, hit)
    return true
  } catch (error) {
    if (error instanceof Blocked) return false
    throw error
  }
}
