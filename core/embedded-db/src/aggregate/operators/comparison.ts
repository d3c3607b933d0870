import { Int32 } from 'bson'
import { compareValues } from '../../values/compare.ts'
import { binary, type OperatorTable } from './define.ts'

export const comparisonOperators: OperatorTable = {
  $cmp: binary((a, b, collator) => new Int32(compareValues(a, b, collator))),
  $eq: binary((a, b, collator) => compareValues(a, b, collator) === 0),
  $ne: binary((a, b, collator) => compareValues(a, b, collator) !== 0),
  $gt: binary((a, b, collator) => compareValues(a, b, collator) > 0),
  $gte: binary((a, b, collator) => compareValues(a, b, collator) >= 0),
  $lt: binary((a, b, collator) => compareValues(a, b, collator) < 0),
  $lte: binary((a, b, collator) => compareValues(a, b, collator) <= 0),
}
