import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { compileCollation } from '../values/collation.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'

const FIELDS = ['key', 'name', 'ns', 'v', 'collation']

/** @throws CommandError for an `_id` index that is described as another than there is: every collection has the same */
export function checkIdIndex(given: unknown, collation: Document | undefined): void {
  if (given === undefined || given === null) return
  if (!isObject(given))
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field 'create.idIndex' is the wrong type '${typeName(given)}', expected type 'object'`,
    )
  const { key, collation: own }: Document = given
  if (!isObject(key))
    throw new CommandError(9, 'FailedToParse', "The 'key' field is a required property of an index specification")
  const bad = (message: string): CommandError => new CommandError(2, 'BadValue', message)
  const [direction] = Object.keys(key).length === 1 ? [key._id as unknown] : []
  if (!isNumeric(direction) || toNumber(direction) !== 1) throw bad("The field 'key' for an _id index must be {_id: 1}")
  const unfit = Object.keys(given).find((field) => !FIELDS.includes(field))
  if (unfit !== undefined)
    throw new CommandError(
      197,
      'InvalidIndexSpecificationOption',
      `The field '${unfit}' is not valid for an _id index specification`,
    )
  if (own !== undefined && compileCollation(own as Document) !== compileCollation(collation))
    throw bad('The _id index must have the same collation as the collection')
}
