import type { DataScope } from './scope.ts'

/** Stages that read and reshape; others ask about the server, or are not known to be harmless. */
const stages = new Set(
  `$addFields $bucket $bucketAuto $changeStream $collStats $count $densify $documents $facet $fill $geoNear $graphLookup
   $group $indexStats $limit $lookup $match $merge $out $project $redact $replaceRoot $replaceWith $sample $set
   $setWindowFields $skip $sort $sortByCount $unionWith $unset $unwind`.split(/\s+/),
)

type Document = Readonly<Record<string, unknown>>

/** Why a pipeline may not run; undefined when it stays within the plugin's own collections of this database. */
export function pipelineRefusal(pipeline: unknown, database: string, scope: DataScope): string | undefined {
  if (pipeline === undefined) return undefined
  if (!Array.isArray(pipeline)) return 'a pipeline is a list'
  for (const stage of pipeline as unknown[]) {
    const refusal = stageRefusal(stage, database, scope)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function stageRefusal(stage: unknown, database: string, scope: DataScope): string | undefined {
  const [name, ...more] = isDocument(stage) ? Object.keys(stage) : []
  if (name === undefined || more.length > 0) return 'a stage of a pipeline has one name'
  if (!stages.has(name)) return `stage ${name}`
  const value = (stage as Document)[name]
  const inner = (pipeline: unknown) => pipelineRefusal(pipeline, database, scope)
  const own = (collection: unknown) => ownRefusal(collection, scope)
  const parts = isDocument(value) ? value : {}
  switch (name) {
    case '$lookup':
      return (parts['from'] === undefined ? undefined : own(parts['from'])) ?? inner(parts['pipeline'])
    case '$graphLookup':
      return own(parts['from'])
    case '$unionWith':
      if (typeof value === 'string') return own(value)
      return (parts['coll'] === undefined ? undefined : own(parts['coll'])) ?? inner(parts['pipeline'])
    case '$out':
      return targetRefusal(value, database, scope)
    case '$merge':
      return targetRefusal(isDocument(value) ? value['into'] : value, database, scope)
    case '$facet':
      return Object.values(parts)
        .map(inner)
        .find((refusal) => refusal !== undefined)
    case '$changeStream':
      return parts['allChangesForCluster'] === undefined ? undefined : 'a change stream of the whole cluster'
    default:
      return undefined
  }
}

/** A result stays in the region that it comes from. */
function targetRefusal(target: unknown, database: string, scope: DataScope): string | undefined {
  if (!isDocument(target)) return ownRefusal(target, scope)
  const { db = database, coll } = target
  return db === database ? ownRefusal(coll, scope) : 'writing to another database'
}

export function ownRefusal(collection: unknown, { owns }: DataScope): string | undefined {
  if (typeof collection !== 'string') return 'a collection is named by a text'
  return owns(collection) ? undefined : `collection "${collection}"`
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
