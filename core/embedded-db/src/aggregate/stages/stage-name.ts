import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'

const known = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$group',
  '$sort',
  '$limit',
  '$skip',
  '$unwind',
  '$count',
  '$sortByCount',
  '$bucket',
  '$bucketAuto',
  '$facet',
  '$lookup',
  '$graphLookup',
  '$unionWith',
  '$replaceRoot',
  '$replaceWith',
  '$redact',
  '$sample',
  '$setWindowFields',
  '$densify',
  '$fill',
  '$merge',
  '$out',
  '$documents',
  '$geoNear',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$rankFusion',
  '$changeStream',
  '$changeStreamSplitLargeEvent',
  '$collStats',
  '$indexStats',
  '$planCacheStats',
  '$currentOp',
  '$listSessions',
  '$listLocalSessions',
  '$listCatalog',
  '$listSampledQueries',
  '$listSearchIndexes',
  '$querySettings',
  '$queryStats',
  '$shardedDataDistribution',
])

/** The name and the specification of a stage. Errors: 40323 for more than one field, 40324 for an unknown name. */
export function stageOf(stage: Document): { name: string; spec: unknown } {
  const names = Object.keys(stage)
  const [name] = names
  if (name === undefined || names.length > 1)
    throw new CommandError(
      40323,
      'Location40323',
      'A pipeline stage specification object must contain exactly one field.',
    )
  if (!known.has(name)) throw new CommandError(40324, 'Location40324', `Unrecognized pipeline stage name: '${name}'`)
  return { name, spec: stage[name] as unknown }
}
