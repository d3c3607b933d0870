import { Int32, Long } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { compileValidator } from '../engine/validator.ts'
import { normalizeCollation } from '../values/collation.ts'
import { count, isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { flag } from './arguments.ts'
import { checkIdIndex } from './id-index.ts'
import { ORDINARY, timeSeriesOptions } from './time-series.ts'

/** Options that are stored with a collection. */
export const STORED = [...ORDINARY, 'collation', 'storageEngine', 'indexOptionDefaults', 'timeseries']

/** A clustered collection is an ordinary one whose `_id` index says so: documents are read in the order of `_id` all the same. */
function clusteredIndex(given: unknown): Document {
  const { key, unique, name = '_id_', v }: Document = isObject(given) ? given : {}
  if (!isObject(given)) throw notImplemented('a clustered collection by any index but one on _id')
  if (!isObject(key) || Object.keys(key).length !== 1 || !isNumeric(key._id) || toNumber(key._id) !== 1)
    throw new CommandError(
      197,
      'InvalidIndexSpecificationOption',
      'The clusteredIndex option must be { key: {_id: 1}, unique: true }',
    )
  if (unique !== true)
    throw new CommandError(
      5979700,
      'Location5979700',
      'The clusteredIndex option requires unique: true to be specified',
    )
  return { v: (v as unknown) ?? new Int32(2), key, name: name as unknown, unique }
}

/** How long documents of a clustered collection live after the date in their _id, those of a time series after their time. @throws CommandError for what is no time */
export function lifetime(options: Document, given: unknown): Long {
  if (options.clusteredIndex === undefined && options.timeseries === undefined)
    throw new CommandError(
      72,
      'InvalidOptions',
      "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
    )
  if (!isNumeric(given) || !(toNumber(given) >= 0 && toNumber(given) < 2 ** 31))
    throw new CommandError(
      72,
      'InvalidOptions',
      "'expireAfterSeconds' must be within an acceptable range, from 0 to 2147483647",
    )
  return Long.fromNumber(Math.trunc(toNumber(given)))
}

/** Options of a new collection as they are stored. @throws CommandError for what MongoDB or this engine refuses */
export function checkOptions(body: Document): Document {
  if (body.encryptedFields !== undefined) throw notImplemented('the collection option encryptedFields')
  const options: Document = {}
  for (const field of STORED) if (body[field] !== undefined && body[field] !== null) options[field] = body[field]
  if (options.timeseries !== undefined) options.timeseries = timeSeriesOptions(body)
  if (isObject(options.collation) && Object.keys(options.collation).length === 0)
    throw new CommandError(40414, 'Location40414', "BSON field 'collation.locale' is missing but a required field")
  if (options.collation) {
    const collation = normalizeCollation(options.collation as Document)
    if (collation) options.collation = collation
    else delete options.collation
  }
  checkIdIndex(body.idIndex, options.collation as Document | undefined)
  if (body.clusteredIndex !== undefined && body.clusteredIndex !== false) {
    if (flag(body.capped)) throw notImplemented('a capped clustered collection')
    options.clusteredIndex = clusteredIndex(body.clusteredIndex)
  }
  if (body.expireAfterSeconds !== undefined) options.expireAfterSeconds = lifetime(options, body.expireAfterSeconds)
  if (flag(options.capped)) options.capped = true
  else delete options.capped
  if (options.capped !== undefined && !(isNumeric(options.size) && toNumber(options.size) > 0))
    throw new CommandError(72, 'InvalidOptions', "the 'size' field is required when 'capped' is true")
  if (
    options.capped === undefined &&
    !options.clusteredIndex &&
    (options.size !== undefined || options.max !== undefined)
  )
    throw new CommandError(
      72,
      'InvalidOptions',
      "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
    )
  for (const limit of ['size', 'max'])
    if (isNumeric(options[limit])) options[limit] = count(Math.trunc(toNumber(options[limit])))
  checkRules(options)
  dropDisabledImages(options)
  compileValidator(options)
  return options
}

/** @throws CommandError 2 for a level or an action of validation that does not exist */
export function checkRules(options: Document): void {
  for (const [field, values] of Object.entries({
    validationLevel: ['off', 'strict', 'moderate'],
    validationAction: ['error', 'warn', 'errorAndLog'],
  }))
    if (options[field] !== undefined && !values.includes(options[field] as string))
      throw new CommandError(
        2,
        'BadValue',
        `Enumeration value '${String(options[field])}' for field '${field}' is not a valid value.`,
      )
}

/** Images that are switched off are no option of the collection. */
export function dropDisabledImages(options: Document): void {
  const images: unknown = options.changeStreamPreAndPostImages
  if (isObject(images) && !flag(images.enabled)) delete options.changeStreamPreAndPostImages
}
