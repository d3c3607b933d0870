import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isObject } from '../values/types.ts'
import { TEST_API } from './test-commands.ts'

export const API_PARAMETERS = ['apiVersion', 'apiStrict', 'apiDeprecationErrors'] as const

/** The commands of API version 1, each with the fields of it that the version leaves out. */
const VERSION_1: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    abortTransaction: [],
    aggregate: ['explain', 'exchange', 'fromMongos', 'needsMerge', 'isMapReduceCommand'],
    authenticate: [],
    bulkWrite: [],
    collMod: [],
    commitTransaction: [],
    count: [],
    create: ['capped', 'size', 'max', 'autoIndexId', 'indexOptionDefaults', 'storageEngine', 'temp', 'flags'],
    createIndexes: [],
    delete: [],
    drop: [],
    dropDatabase: [],
    dropIndexes: [],
    endSessions: [],
    explain: [],
    find: [
      'awaitData',
      'max',
      'min',
      'noCursorTimeout',
      'oplogReplay',
      'returnKey',
      'showRecordId',
      'tailable',
      'requestResumeToken',
      'resumeAfter',
    ],
    findAndModify: [],
    getMore: [],
    hello: [],
    insert: [],
    killCursors: [],
    listCollections: [],
    listDatabases: [],
    listIndexes: [],
    ping: [],
    refreshSessions: [],
    saslContinue: [],
    saslStart: [],
    update: [],
  }),
)

const UNSTABLE_STAGES = new Set([
  '$currentOp',
  '$indexStats',
  '$listCatalog',
  '$listLocalSessions',
  '$listSampledQueries',
  '$listSearchIndexes',
  '$listSessions',
  '$planCacheStats',
  '$queryStats',
  '$search',
  '$searchMeta',
  '$vectorSearch',
])

const UNSTABLE_INDEX_OPTIONS = ['background', 'bucketSize', 'sparse', 'storageEngine', 'prepareUnique']

function strict(message: string): CommandError {
  return new CommandError(323, 'APIStrictError', message)
}

function checkStages(stages: unknown): void {
  for (const stage of Array.isArray(stages) ? (stages as unknown[]) : []) {
    if (!isObject(stage)) continue
    const name = Object.keys(stage)[0] ?? ''
    const collStats: unknown = stage.$collStats
    if (
      UNSTABLE_STAGES.has(name) ||
      (name === '$collStats' && isObject(collStats) && Object.keys(collStats).some((field) => field !== 'count'))
    )
      throw strict(`stage ${name} is not allowed with 'apiStrict: true' in API Version 1`)
    if (name === '$lookup' || name === '$unionWith') checkStages((stage[name] as Document | null)?.pipeline)
    if (name === '$facet' && isObject(stage.$facet)) Object.values(stage.$facet).forEach(checkStages)
  }
}

function checkStrict(name: string, body: Document): void {
  const unstable = VERSION_1.get(name)
  if (!unstable)
    throw strict(
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api`,
    )
  const field = unstable.find((one) => body[one] !== undefined)
  if (field) throw strict(`BSON field '${name}.${field}' is not allowed with apiStrict:true.`)
  if (name === 'aggregate' || name === 'create') checkStages(body.pipeline)
  if (name === 'createIndexes' && Array.isArray(body.indexes)) {
    for (const index of body.indexes as Document[]) {
      const option = UNSTABLE_INDEX_OPTIONS.find((one) => isObject(index) && index[one] !== undefined)
      if (option) throw strict(`BSON field 'createIndexes.indexes.${option}' is not allowed with apiStrict:true.`)
    }
  }
}

function checkBoolean(body: Document, field: string): void {
  const value: unknown = body[field]
  if (value !== undefined && typeof value !== 'boolean')
    throw new CommandError(14, 'TypeMismatch', `BSON field '${field}' is the wrong type, expected type 'bool'`)
}

/**
 * Holds a command to the API version that its client declares.
 * @throws CommandError 322 for another version, 323 for what the version leaves out, 324 for what it deprecates
 */
export function checkApi(name: string, body: Document, required: boolean): void {
  checkBoolean(body, 'apiStrict')
  checkBoolean(body, 'apiDeprecationErrors')
  if (body.apiVersion === undefined) {
    if (body.apiStrict !== undefined || body.apiDeprecationErrors !== undefined)
      throw new CommandError(
        4886600,
        'Location4886600',
        'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion',
      )
    const continues = name === 'getMore' || body.autocommit === false
    if (required && !continues && name !== 'hello' && name !== 'isMaster' && name !== 'ismaster')
      throw new CommandError(
        498870,
        'Location498870',
        'The apiVersion parameter is required, please configure your MongoClient’s API version',
      )
    return
  }
  if (typeof body.apiVersion !== 'string')
    throw new CommandError(14, 'TypeMismatch', "BSON field 'apiVersion' is the wrong type, expected type 'string'")
  if (body.apiVersion !== '1') throw new CommandError(322, 'APIVersionError', `API version must be "1"`)
  if (body.apiDeprecationErrors === true && TEST_API.get(name) === 'deprecated')
    throw new CommandError(
      324,
      'APIDeprecationError',
      `Provided apiDeprecationErrors:true, but the command ${name} is deprecated in API Version 1`,
    )
  if (body.apiStrict === true && TEST_API.get(name) !== 'deprecated') checkStrict(name, body)
}
