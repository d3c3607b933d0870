import type { Document } from 'bson'
import type { DataOperation } from './commands.ts'
import { Difference } from './difference.ts'
import type { Oracle, OracleTransaction } from './oracle.ts'
import { outcomeOf, show } from './outcome.ts'
import { Refused, updated } from './update.ts'
import { same } from './values.ts'
import type { Row } from './values.ts'

export type Update = Extract<DataOperation, { kind: 'update' }>

/** Several rows of one update may fail by themselves, and which come first is the plan's choice. */
export function mayStopHalfWay(
  operation: DataOperation,
  oracle: Oracle,
  transaction: OracleTransaction | undefined,
): operation is Update {
  if (operation.kind !== 'update' || !operation.multi) return false
  const found = oracle.find(operation.filter, transaction)
  if (found.length < 2) return false
  return (
    oracle.indexes.some(({ unique, name }) => unique && name !== '_id_') ||
    found.some(([, row]) => after(row, operation.update, oracle) === undefined)
  )
}

/**
 * Each row is as before or as the update makes it.
 * @param oracle as before the update
 * @param stored the rows after it
 * @throws Difference
 */
export function checkHalfWay(operation: Update, oracle: Oracle, reply: Document, stored: readonly Row[]): void {
  const before = oracle.seen().map(([, row]) => row)
  if (stored.length !== before.length)
    throw new Difference(`${show(operation)}\n${show(before)}\nbecame\n${show(stored)}`)
  const found = oracle.find(operation.filter).map(([, row]) => row)
  let untouched = 0
  for (const [i, row] of before.entries()) {
    const now = stored[i] as Row
    const changed = found.includes(row) ? after(row, operation.update, oracle) : undefined
    if (!same(now, row) && (!changed || show(now) !== show(changed)))
      throw new Difference(`${show(operation)}\nmade of ${show(row)}\n${show(now)}`)
    if (same(now, row) && changed && !same(row, changed)) untouched++
  }
  const failed = outcomeOf(operation, reply).errors?.length === 1
  const refused = found.some((row) => after(row, operation.update, oracle) === undefined)
  if (failed !== (untouched > 0 || refused))
    throw new Difference(`${show(operation)}\nleft ${untouched} rows, and answered ${show(reply)}`)
}

/** The row as the update makes it, undefined when it cannot be made or no index could hold it. */
function after(row: Row, update: Row, oracle: Oracle): Row | undefined {
  try {
    const made = updated(row, update)
    for (const index of oracle.indexes) index.keysOf(made)
    return made
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}
