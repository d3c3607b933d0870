import { decode } from '../bson/decode.ts'
import { checkDocument } from '../bson/walk.ts'
import { indexKeysOf } from '../keys/index-keys.ts'
import type { Store } from '../store/store.ts'
import type { Collection } from './collection.ts'
import { storedTotals } from './catalogue.ts'
import type { Interrupt } from './interrupt.ts'
import { Turns } from './interrupt.ts'
import { entryKey, recordKey, recordOfKey, tableKey, tableRange } from './keyspace.ts'

export interface Verification {
  records: number
  invalidDocuments: number
  keysPerIndex: Record<string, number>
  errors: string[]
}

/** Compares every index with its collection, both ways, in one snapshot: each document's keys are there, and no others. */
export async function verifyCollection(
  store: Store,
  collection: Collection,
  interrupt: Interrupt,
): Promise<Verification> {
  const snapshot = store.snapshot()
  const totals = storedTotals(snapshot, collection.table)
  const indexes = collection.indexes.filter((index) => index.ready)
  const expected: Record<string, number> = Object.fromEntries(indexes.map((index) => [index.name, 0]))
  const result: Verification = { records: 0, invalidDocuments: 0, keysPerIndex: {}, errors: [] }
  const turns = new Turns(interrupt)
  let bytes = 0
  try {
    for (const { key, value } of snapshot.range(tableRange(collection.table))) {
      result.records++
      bytes += value.length
      const record = recordOfKey(key)
      try {
        checkDocument(value)
      } catch (error) {
        result.invalidDocuments++
        result.errors.push(`record ${record}: ${String(error)}`)
        continue
      }
      const document = decode(value)
      for (const index of indexes) {
        if (index.partial && !index.partial(document)) continue
        for (const wanted of indexKeysOf(document, index.pattern).keys) {
          expected[index.name] = (expected[index.name] ?? 0) + 1
          const entry = snapshot.get(
            index.unique ? tableKey(index.table, wanted) : entryKey(index.table, wanted, record),
          )
          if (!entry || (index.unique && recordOfKey(entry) !== record))
            result.errors.push(`index ${index.name} lacks the key of record ${record}`)
        }
      }
      if (turns.over) await turns.next()
    }
    for (const index of indexes) {
      const { start, end } = tableRange(index.table)
      const count = snapshot.count(start, end)
      result.keysPerIndex[index.name] = count
      if (count !== expected[index.name])
        result.errors.push(
          `index ${index.name} has ${count} keys where the documents give ${expected[index.name] ?? 0}`,
        )
      for (const { key, value } of snapshot.range({ start, end })) {
        const record = recordOfKey(index.unique ? value : key)
        if (!snapshot.get(recordKey(collection.table, record)))
          result.errors.push(`index ${index.name} points to record ${record}, which does not exist`)
        if (turns.over) await turns.next()
      }
    }
    if (totals.count !== result.records)
      result.errors.push(`the stored count is ${totals.count}, the collection has ${result.records} documents`)
    if (totals.size !== bytes)
      result.errors.push(`the stored size is ${totals.size}, the documents take ${bytes} bytes`)
  } finally {
    snapshot.release()
  }
  return result
}
