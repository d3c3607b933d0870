import type { Document } from 'bson'
import type { FindOptions } from '../query/open-find.ts'
import type { IndexScan, Plan } from './plan.ts'

function indexStage(plan: IndexScan): Document {
  return {
    stage: 'IXSCAN',
    keyPattern: plan.index.spec.key as Document,
    indexName: plan.index.name,
    isMultiKey: plan.index.multikey.includes(true),
    isUnique: plan.index.unique,
    isSparse: plan.index.pattern.sparse,
    isPartial: plan.index.partial !== undefined,
    indexVersion: 2,
    direction: plan.reverse ? 'backward' : 'forward',
    indexBounds: plan.bounds,
  }
}

/** The tree of stages that explain shows for a plan. */
export function planSummary(
  plan: Plan,
  options: Pick<FindOptions, 'filter' | 'sort' | 'projection' | 'skip' | 'limit'>,
  needsSort: boolean,
): Document {
  let tree: Document
  const filter = Object.keys(options.filter).length > 0 ? options.filter : undefined
  if (plan.stage === 'COLLSCAN') tree = { stage: 'COLLSCAN', filter, direction: plan.reverse ? 'backward' : 'forward' }
  else if (plan.stage === 'EOF') tree = { stage: 'EOF' }
  else if (plan.stage === 'OR')
    tree = { stage: 'FETCH', filter, inputStage: { stage: 'OR', inputStages: plan.branches.map(indexStage) } }
  else tree = { stage: 'FETCH', filter: plan.exact ? undefined : filter, inputStage: indexStage(plan) }
  if (needsSort) tree = { stage: 'SORT', sortPattern: options.sort, inputStage: tree }
  if (options.skip) tree = { stage: 'SKIP', skipAmount: options.skip, inputStage: tree }
  if (options.limit) tree = { stage: 'LIMIT', limitAmount: options.limit, inputStage: tree }
  if (options.projection && Object.keys(options.projection).length > 0)
    tree = { stage: 'PROJECTION_DEFAULT', transformBy: options.projection, inputStage: tree }
  return tree
}
