import { notImplemented } from '../../errors.ts'
import { basicStages } from './basic.ts'
import { compileBucketAutoStage } from './bucket-auto.ts'
import { compileBucketStage } from './bucket.ts'
import type { StageCompiler } from './compiler.ts'
import { compileDensifyStage } from './densify.ts'
import { compileFacetStage } from './facet.ts'
import { compileFillStage } from './fill.ts'
import { compileGeoNearStage } from './geo-near.ts'
import { compileGraphLookupStage } from './graph-lookup.ts'
import { compileGroupStage, compileSortByCountStage } from './group.ts'
import { compileLookupStage } from './lookup.ts'
import { compileMatchStage } from './match.ts'
import { compileRedactStage } from './redact.ts'
import { compileSetWindowFieldsStage } from './set-window-fields.ts'
import { compileSortStage } from './sort.ts'
import { compileUnionWithStage } from './union-with.ts'
import { compileUnwindStage } from './unwind.ts'
import { compileMergeStage, compileOutStage } from './write.ts'

const refused: StageCompiler = (_spec, _context, name) => {
  throw notImplemented(name)
}

const refusedNames = [
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$rankFusion',
  '$listSearchIndexes',
  '$listSampledQueries',
  '$querySettings',
  '$queryStats',
  '$shardedDataDistribution',
]

/** Every stage that transforms documents, by name. */
export const stageTable: ReadonlyMap<string, StageCompiler> = new Map<string, StageCompiler>([
  ...Object.entries(basicStages),
  ['$match', compileMatchStage],
  ['$sort', compileSortStage],
  ['$group', compileGroupStage],
  ['$sortByCount', compileSortByCountStage],
  ['$bucket', compileBucketStage],
  ['$bucketAuto', compileBucketAutoStage],
  ['$unwind', compileUnwindStage],
  ['$facet', compileFacetStage],
  ['$geoNear', compileGeoNearStage],
  ['$lookup', compileLookupStage],
  ['$graphLookup', compileGraphLookupStage],
  ['$unionWith', compileUnionWithStage],
  ['$redact', compileRedactStage],
  ['$setWindowFields', compileSetWindowFieldsStage],
  ['$densify', compileDensifyStage],
  ['$fill', compileFillStage],
  ['$out', compileOutStage],
  ['$merge', compileMergeStage],
  // Splitting needs a 16 MB event, which one document cannot make here; events pass unchanged.
  ['$changeStreamSplitLargeEvent', () => (input) => input],
  ...refusedNames.map((name): [string, StageCompiler] => [name, refused]),
])
