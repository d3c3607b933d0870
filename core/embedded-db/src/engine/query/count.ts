import { storedTotals } from '../catalogue.ts'
import type { Collection } from '../collection.ts'
import type { Interrupt } from '../interrupt.ts'
import { Turns } from '../interrupt.ts'
import { successor } from '../../keys/ranges.ts'
import type { KeyRange } from '../../keys/ranges.ts'
import type { Reader } from '../../store/store.ts'
import { choosePlan } from '../planner/choose.ts'
import { Scan } from '../planner/scan.ts'
import type { Query } from './query.ts'
import type { ReadSource } from './read-source.ts'

/** Counts matching documents up to `limit`: from the totals without a filter, from index entries where they say it all. */
export async function countMatching(
  source: ReadSource,
  collection: Collection,
  query: Query,
  hint: unknown,
  limit: number,
  interrupt: Interrupt,
): Promise<number> {
  // A transaction's own writes are in no stored total.
  if (query.all && hint === undefined && !('claim' in source))
    return storedTotals(source.reader, collection.table).count
  const plan = choosePlan(collection, source.reader, { filter: query.filter, collator: query.collator, hint })
  const turns = new Turns(interrupt)
  let count = 0
  if (plan.stage === 'IXSCAN' && plan.exact) {
    for (const range of plan.ranges) {
      count += await countEntries(source.reader, range, turns)
      const rest = turns.step()
      if (rest) await rest
    }
    return count
  }
  const scan = new Scan(collection, plan)
  while (!scan.done && count < limit) {
    for (const hit of scan.resume(source.reader, true)) {
      if (query.matches(hit.bytes) && ++count >= limit) break
      if (turns.over) break
    }
    if (!scan.done && count < limit) await turns.next()
  }
  return count
}

/** Entries that are counted in one go. */
const STRIDE = 8192

/** Of a range with fewer entries each is read: a stride is long also where the range ends soon. */
const FEW = 16

/** The entries of a range, counted while others have their turn. */
async function countEntries(reader: Reader, { start, end }: KeyRange, turns: Turns): Promise<number> {
  let count = 0
  let from = start
  for (const { key } of reader.range({ start, end, keysOnly: true })) {
    from = successor(key)
    if (++count === FEW) break
  }
  if (count < FEW) return count
  for (;;) {
    const next = reader.keyAt(from, end, STRIDE)
    if (!next) return count + reader.count(from, end)
    count += STRIDE
    from = next
    await turns.next()
  }
}
