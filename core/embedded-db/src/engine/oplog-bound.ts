import { SLICE_MS } from './commit-queue.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Engine } from './engine.ts'
import { Table, tableKey, tableRange } from './keyspace.ts'

/** What the oplog may take before its oldest entries go. */
export const OPLOG_LIMIT = 128 * 1024 * 1024

const STORED_BYTES = tableKey(Table.meta, Buffer.from('oplogBytes'))

const TRIMMED = tableKey(Table.meta, Buffer.from('oplogTrimmed'))
const NOTHING = Buffer.alloc(0)

/** Whether old entries have ever been removed, so that a stream may ask for what is gone. */
export function wasTrimmed(reader: Pick<Reader, 'get'>): boolean {
  return reader.get(TRIMMED) !== undefined
}

/** The bytes the oplog holds: as the last commit noted, or read entry by entry in a folder that has no such note. */
export function measureOplog(reader: Reader): number {
  const stored = reader.get(STORED_BYTES)
  if (stored) return stored.readDoubleBE(0)
  let bytes = 0
  for (const { value } of reader.range({ ...tableRange(Table.oplog), lent: true })) bytes += value.length
  return bytes
}

/** Notes the bytes of the oplog, in the commit that changes them. */
export function saveOplogBytes(writer: Writer, bytes: number): void {
  const stored = Buffer.allocUnsafe(8)
  stored.writeDoubleBE(bytes, 0)
  writer.put(STORED_BYTES, stored)
}

/** Removes the oldest entries until the oplog is within its limit. */
export async function trimOplog(engine: Engine, limit = OPLOG_LIMIT): Promise<void> {
  while (engine.oplogBytes > limit) {
    await engine.write((context) => {
      const until = performance.now() + SLICE_MS
      let excess = engine.oplogBytes - limit
      const old: Buffer[] = []
      for (const { key, value } of context.range(tableRange(Table.oplog))) {
        if (excess <= 0 || performance.now() > until) break
        old.push(key)
        excess -= value.length
        engine.oplogBytes -= value.length
      }
      if (old.length > 0 && !wasTrimmed(context)) context.put(TRIMMED, NOTHING)
      for (const key of old) context.remove(key)
    })
  }
}
