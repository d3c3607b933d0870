import { Int32 } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import type { Collator } from '../values/collation.ts'
import { compileCollation, normalizeCollation } from '../values/collation.ts'
import { compileMatch } from '../match/index.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'
import type { Index } from './collection.ts'
import { collectFilterFields, rootOf } from './filter-fields.ts'
import { isFieldKind, isWildcard, specialCheck, specialOptions } from './special-index.ts'

const KNOWN = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'hidden',
  'background',
  'ns',
  'partialFilterExpression',
  'expireAfterSeconds',
  'collation',
  'dropDups',
  'storageEngine',
  'prepareUnique',
  'clustered',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'wildcardProjection',
])
const TEXT_OPTIONS = ['weights', 'default_language', 'textIndexVersion', 'language_override']
const REFUSED: Record<string, string> = {
  text: 'a text index',
  geoHaystack: 'a geospatial index',
  columnstore: 'a columnstore index',
}

function cannotCreate(message: string): CommandError {
  return new CommandError(67, 'CannotCreateIndex', message)
}

function wrongType(field: string, expected: string): CommandError {
  return new CommandError(
    14,
    'TypeMismatch',
    `The field '${field}' has a value of the wrong type for an index specification, expected type '${expected}'`,
  )
}

const isSet = (value: unknown): boolean => value === true || (isNumeric(value) && toNumber(value) !== 0)

const MAX_FIELDS = 32

function checkKeyPattern(key: Document): void {
  const entries = Object.entries(key)
  if (entries.length === 0) throw cannotCreate('Index keys cannot be empty.')
  if (entries.length > MAX_FIELDS) throw new CommandError(13103, 'Location13103', 'too many compound keys')
  for (const [path, direction] of entries) {
    if (path === '' || path.split('.').includes('')) throw cannotCreate('Index keys cannot contain an empty field.')
    if (
      !isWildcard(path) &&
      path.split('.').some((name) => name.startsWith('$') && !['$id', '$ref', '$db'].includes(name))
    )
      throw cannotCreate(`Index key contains an illegal field name: field name starts with '$'.`)
    if (typeof direction === 'string') {
      const refused = REFUSED[direction]
      if (refused) throw notImplemented(refused)
      if (!isFieldKind(direction)) throw cannotCreate(`Unknown index plugin '${direction}'`)
    } else if (isNumeric(direction)) {
      if (toNumber(direction) === 0) throw cannotCreate('Values in the index key pattern cannot be 0.')
      if (Number.isNaN(toNumber(direction))) throw cannotCreate('Values in the index key pattern cannot be NaN.')
    } else {
      throw cannotCreate(
        `Values in v:2 index key pattern cannot be of type ${typeName(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      )
    }
  }
}

/** The name MongoDB gives an index that has none: `field_direction`, joined. */
function defaultName(key: Document): string {
  return Object.entries(key)
    .map(([path, direction]) => `${path}_${String(isNumeric(direction) ? toNumber(direction) : direction)}`)
    .join('_')
}

/** A specification without the fields that are not known, which ignoreUnknownIndexOptions asks for. */
export function knownFields(given: Document): Document {
  return Object.fromEntries(Object.entries(given).filter(([name]) => KNOWN.has(name) || TEXT_OPTIONS.includes(name)))
}

/** Checks an index specification from createIndexes and gives it the form that listIndexes shows. */
export function normalizeIndexSpec(given: Document, inherited: Document | undefined): Document {
  const unknown = Object.keys(given).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) {
    if (TEXT_OPTIONS.includes(unknown)) throw notImplemented('a text index')
    if (unknown === 'bucketSize') throw notImplemented(`the index option ${unknown}`)
    throw new CommandError(
      197,
      'InvalidIndexSpecificationOption',
      `The field '${unknown}' is not valid for an index specification. Specification: ${JSON.stringify(given)}`,
    )
  }
  if (given.key !== undefined && !isObject(given.key)) throw wrongType('key', 'object')
  for (const flag of ['unique', 'prepareUnique', 'sparse', 'hidden', 'background'])
    if (given[flag] !== undefined && typeof given[flag] !== 'boolean' && !isNumeric(given[flag]))
      throw wrongType(flag, 'bool')
  for (const field of ['storageEngine', 'collation'])
    if (given[field] !== undefined && !isObject(given[field])) throw wrongType(field, 'object')
  if (given.v !== undefined && !isNumeric(given.v)) throw wrongType('v', 'number')
  if (given.v !== undefined && !(isNumeric(given.v) && [1, 2].includes(toNumber(given.v))))
    throw cannotCreate(`Invalid index specification; cannot create an index with v=${String(given.v)}`)
  if (!isObject(given.key))
    throw new CommandError(9, 'FailedToParse', `The 'key' field is a required property of an index specification`)
  if (given.clustered !== undefined) throw notImplemented('a clustered index')
  checkKeyPattern(given.key)
  if (given.name !== undefined && (typeof given.name !== 'string' || given.name === ''))
    throw cannotCreate('index names cannot be empty')
  if (String(given.name).includes('\0')) throw cannotCreate('index names cannot contain NUL bytes')
  if (given.name === '*') throw new CommandError(2, 'BadValue', `The index name '*' is not valid.`)
  const isId = Object.keys(given.key).length === 1 && isNumeric(given.key._id) && toNumber(given.key._id) > 0
  const spec: Document = {
    v: new Int32(2),
    key: given.key,
    name: isId ? '_id_' : (given.name ?? defaultName(given.key)),
  }
  const hashed = Object.values(given.key).filter((direction) => direction === 'hashed').length
  if (hashed > 1)
    throw new CommandError(
      31303,
      'Location31303',
      'A maximum of one index field is allowed to be hashed but found more than one',
    )
  if (isSet(given.unique)) {
    if (hashed > 0) throw cannotCreate('Currently hashed indexes cannot guarantee uniqueness. Use a regular index.')
    if (spec.name !== '_id_') spec.unique = true
  }
  Object.assign(spec, specialOptions(given))
  if (isSet(given.prepareUnique) && spec.name !== '_id_') spec.prepareUnique = true
  if (spec.name === '_id_' && isSet(given.sparse))
    throw new CommandError(
      197,
      'InvalidIndexSpecificationOption',
      `The field 'sparse' is not valid for an _id index specification. Specification: ${JSON.stringify(given)}`,
    )
  // As given, false too, as MongoDB does; the others are shown when they are true.
  for (const flag of ['sparse', 'background'])
    if (given[flag] !== undefined && spec.name !== '_id_') spec[flag] = isSet(given[flag])
  if (isSet(given.hidden)) {
    if (spec.name === '_id_') throw new CommandError(2, 'BadValue', "can't hide _id index")
    spec.hidden = true
  }
  if (given.partialFilterExpression !== undefined) {
    if (!isObject(given.partialFilterExpression))
      throw new CommandError(14, 'TypeMismatch', `The field 'partialFilterExpression' must be an object`)
    if (given.sparse === true) throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options')
    if (spec.name === '_id_')
      throw new CommandError(197, 'InvalidIndexSpecificationOption', '_id index cannot be a partial index')
    checkPartialFilter(given.partialFilterExpression)
    spec.partialFilterExpression = given.partialFilterExpression
  }
  if (given.expireAfterSeconds !== undefined) {
    const seconds = isNumeric(given.expireAfterSeconds) ? toNumber(given.expireAfterSeconds) : Number.NaN
    if (Number.isNaN(seconds) || seconds < 0 || seconds > 0x7fffffff)
      throw cannotCreate(`TTL index 'expireAfterSeconds' option must be numeric and between 0 and ${0x7fffffff}`)
    if (Object.keys(given.key).length > 1)
      throw cannotCreate(
        `TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${JSON.stringify(given.key)}`,
      )
    if (spec.name === '_id_')
      throw new CommandError(
        197,
        'InvalidIndexSpecificationOption',
        `The field 'expireAfterSeconds' is not valid for an _id index specification.`,
      )
    spec.expireAfterSeconds = given.expireAfterSeconds as unknown
  }
  const collation = given.collation === undefined ? inherited : normalizeCollation(given.collation as Document)
  if (collation) spec.collation = collation
  return spec
}

const PARTIAL_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$exists', '$type', '$in'])

function checkPartialFilter(filter: Document): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' || name === '$or') (operand as Document[]).forEach(checkPartialFilter)
    else if (name.startsWith('$')) throw cannotCreate(`Expression not supported in partial index: ${name}`)
    else if (isObject(operand) && Object.keys(operand).some((key) => key.startsWith('$'))) {
      const bad = Object.entries(operand).find(
        ([operator, value]) => !PARTIAL_OPERATORS.has(operator) || (operator === '$exists' && value === false),
      )
      if (bad) throw cannotCreate(`Expression not supported in partial index: ${bad[0]}`)
    }
  }
  compileMatch(filter)
}

/** Makes an index from its specification. */
export function buildIndex(
  spec: Document,
  table: number,
  state: { multikey?: boolean[]; clipped?: boolean; builtThrough?: number } = {},
): Index {
  const fields = Object.keys(spec.key as Document)
  const collator: Collator | undefined = compileCollation(spec.collation as Document | undefined)
  const roots = new Set(fields.map(rootOf))
  const partial = spec.partialFilterExpression as Document | undefined
  const known = partial === undefined || collectFilterFields(partial, roots)
  return {
    spec,
    table,
    fields,
    name: spec.name as string,
    pattern: {
      paths: fields.map((field) => field.split('.')),
      descending: Object.values(spec.key as Document).map(
        (direction) => isNumeric(direction) && toNumber(direction) < 0,
      ),
      sparse: spec.sparse === true,
      collator,
      check: specialCheck(spec),
    },
    roots: known ? roots : undefined,
    unique: spec.unique === true || (spec.name === '_id_' && fields[0] === '_id'),
    prepared: spec.prepareUnique === true && spec.unique !== true,
    hidden: spec.hidden === true,
    partial:
      spec.partialFilterExpression === undefined
        ? undefined
        : compileMatch(spec.partialFilterExpression as Document, { collation: collator }),
    expireAfterSeconds: isNumeric(spec.expireAfterSeconds) ? toNumber(spec.expireAfterSeconds) : undefined,
    multikey: state.multikey ?? fields.map(() => false),
    clipped: state.clipped ?? false,
    builtThrough: state.builtThrough ?? Number.POSITIVE_INFINITY,
    ready: state.builtThrough === undefined,
    uses: 0,
  }
}
