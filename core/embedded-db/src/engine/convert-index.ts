import type { Document } from 'bson'
import { documentId } from '../bson/raw.ts'
import { CommandError } from '../errors.ts'
import type { Collection, Index } from './collection.ts'
import type { Engine } from './engine.ts'
import { buildIndexOnline } from './index-build.ts'
import type { Interrupt } from './interrupt.ts'
import { Turns } from './interrupt.ts'
import { RECORD_BYTES, recordKey, recordOfKey, tableRange } from './keyspace.ts'
import type { Reader } from '../store/store.ts'

/**
 * Makes an index unique that has been prepared for it, so that no new duplicates come while the old ones are looked for.
 * @throws CommandError 359 with the `_id`s of the documents that share a key, for each such key
 */
export async function convertToUnique(
  engine: Engine,
  collection: Collection,
  index: Index,
  interrupt: Interrupt,
  dryRun: boolean,
): Promise<void> {
  const violations = await findDuplicates(engine, collection, index, interrupt)
  if (violations.length > 0)
    throw new CommandError(
      359,
      'CannotConvertIndexToUnique',
      'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
      { extra: { violations } },
    )
  if (dryRun) return
  const { prepareUnique: _, ...spec } = index.spec
  await buildIndexOnline(engine, collection, { ...spec, unique: true }, interrupt, index)
}

async function findDuplicates(
  engine: Engine,
  collection: Collection,
  index: Index,
  interrupt: Interrupt,
): Promise<Document[]> {
  const snapshot = engine.store.snapshot()
  const turns = new Turns(interrupt)
  const violations: Document[] = []
  try {
    let before: Buffer | undefined
    let records: number[] = []
    const close = (): void => {
      if (records.length > 1) violations.push({ ids: records.map((record) => idOf(snapshot, collection, record)) })
    }
    for (const { key } of snapshot.range({ ...tableRange(index.table), keysOnly: true })) {
      const value = key.subarray(0, -RECORD_BYTES)
      if (!before?.equals(value)) {
        close()
        records = []
        before = Buffer.from(value)
      }
      records.push(recordOfKey(key))
      if (turns.over) await turns.next()
    }
    close()
  } finally {
    snapshot.release()
  }
  return violations
}

function idOf(reader: Reader, collection: Collection, record: number): unknown {
  const bytes = reader.get(recordKey(collection.table, record))
  if (!bytes) throw new Error(`${collection.namespace}: record ${record} of an index is missing`)
  return documentId(bytes)
}
