import { SLICE_MS } from './commit-queue.ts'
import type { Reader } from '../store/store.ts'
import type { Engine } from './engine.ts'
import { Table, tableRange } from './keyspace.ts'

/** What the oplog may take before its oldest entries go. */
export const OPLOG_LIMIT = 128 * 1024 * 1024

/** The bytes the oplog holds, read once at start. */
export function measureOplog(reader: Reader): number {
  let bytes = 0
  for (const { value } of reader.range(tableRange(Table.oplog))) bytes += value.length
  return bytes
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
        engine.oplogTrimmed = true
      }
      for (const key of old) context.remove(key)
    })
  }
}
