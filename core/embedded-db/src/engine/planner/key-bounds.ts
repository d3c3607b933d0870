import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { appendField } from '../../keys/index-keys.ts'
import { KeyBuffer } from '../../keys/key-buffer.ts'
import type { Index } from '../collection.ts'
import { tableKey, tableRange } from '../keyspace.ts'
import type { IndexScan, Plan } from './plan.ts'

/** A find's `min` (inclusive) and `max` (exclusive), in the order of the hinted index. */
export interface KeyBounds {
  min?: Document | undefined
  max?: Document | undefined
}

function keyOf(index: Index, bound: Document): Buffer {
  const names = Object.keys(bound)
  if (names.length !== index.fields.length || names.some((name, i) => name !== index.fields[i]))
    throw new CommandError(
      51174,
      'Location51174',
      `The index chosen is not compatible with min/max: its key is ${JSON.stringify(index.spec.key)}`,
    )
  const key = new KeyBuffer()
  names.forEach((name, i) =>
    appendField(key, bound[name], index.pattern.descending[i] === true, index.pattern.collator),
  )
  return tableKey(index.table, key.slice())
}

/** The plan held to the bounds. @throws CommandError 51173 without a hint, 51174 when they are not of its index, 51175 when they cross, 51176 when they differ in fields */
export function boundPlan(plan: Plan, hint: unknown, { min, max }: KeyBounds): Plan {
  if (!min && !max) return plan
  if (hint === undefined)
    throw new CommandError(
      51173,
      'Location51173',
      'When using min()/max() a hint of which index to use must be provided',
    )
  if (plan.stage !== 'IXSCAN')
    throw new CommandError(51174, 'Location51174', 'The hint is not compatible with min/max: it names no index')
  if (min && max && Object.keys(min).join('\0') !== Object.keys(max).join('\0'))
    throw new CommandError(51176, 'Location51176', 'max() must have the same field names as min()')
  const whole = tableRange(plan.index.table)
  const start = min ? keyOf(plan.index, min) : whole.start
  const end = max ? keyOf(plan.index, max) : whole.end
  if (Buffer.compare(start, end) >= 0)
    throw new CommandError(
      51175,
      'Location51175',
      'The value provided for min() does not come before the value provided for max() in the hinted index',
    )
  const bounded: IndexScan = { ...plan, ranges: [{ start, end }], exact: false, points: 0, bounded: true }
  return bounded
}
