import type { Document } from 'bson'
import { geoNearPoint } from '../../aggregate/stages/geo-near.ts'
import { CommandError } from '../../errors.ts'
import { isObject } from '../../values/types.ts'
import type { Collection } from '../collection.ts'
import type { Query } from './query.ts'

/** The fields that usable indexes of these kinds hold. */
function indexedPaths(collection: Collection, kinds: readonly string[]): string[] {
  return collection.indexes
    .filter((index) => !index.hidden && index.ready && index.pattern.check)
    .flatMap((index) => index.fields.filter((field) => kinds.includes((index.spec.key as Document)[field] as string)))
}

/** $near needs an index, as MongoDB's does, although it is answered from all documents. @throws CommandError 291 */
export function checkNearIndex(collection: Collection, { near }: Query): void {
  if (near && !indexedPaths(collection, near.indexes).includes(near.path))
    throw new CommandError(
      291,
      'NoQueryExecutionPlans',
      `error processing query: ns=${collection.namespace} planner returned error :: caused by :: unable to find index for $geoNear query`,
    )
}

/** A pipeline whose leading $geoNear names its field. @throws CommandError 27 where no index tells, or more than one */
export function nameGeoNearKey(stages: readonly Document[], collection: Collection | undefined): readonly Document[] {
  const [first, ...rest] = stages
  const spec: unknown = first?.$geoNear
  if (!isObject(spec) || !collection) return stages
  const paths = [...new Set(indexedPaths(collection, geoNearPoint(spec).indexes))]
  const [path] = typeof spec.key === 'string' ? paths.filter((one) => one === spec.key) : paths
  if (path === undefined)
    throw new CommandError(27, 'IndexNotFound', '$geoNear requires a 2d or 2dsphere index, but none were found')
  if (paths.length > 1 && spec.key === undefined)
    throw new CommandError(
      27,
      'IndexNotFound',
      `There is more than one geospatial index on ${collection.namespace}; unsure which to use for $geoNear`,
    )
  return [{ $geoNear: { ...spec, key: path } }, ...rest]
}
