import type { Document } from 'bson'
import { isNumeric } from '../../values/number.ts'
import { isObject } from '../../values/types.ts'
import type { FindOptions } from '../query/open-find.ts'
import { shellText } from '../shell-text.ts'
import type { IndexScan, Plan } from './plan.ts'

/** What is done with the documents that a plan finds. */
export type Purpose = 'find' | 'count' | 'update' | 'delete' | 'aggregate'

export interface Reading extends Pick<FindOptions, 'filter' | 'sort' | 'projection' | 'skip' | 'limit'> {
  purpose: Purpose
  /** The plan does not give the order asked for. */
  needsSort: boolean
}

const SORT_MEMORY = 100 * 1024 * 1024

function indexStage(plan: IndexScan, stage = 'IXSCAN'): Document {
  return {
    stage,
    keyPattern: plan.index.spec.key as Document,
    indexName: plan.index.name,
    isMultiKey: plan.index.multikey.includes(true),
    isUnique: plan.index.unique,
    isSparse: plan.index.pattern.sparse,
    isPartial: plan.index.partial !== undefined,
    indexVersion: 2,
    direction: plan.reverse ? 'backward' : 'forward',
    indexBounds: plan.bounds(),
  }
}

/** Whether the filter is an `_id` and nothing else. */
function isPoint(plan: Plan, filter: Document): plan is IndexScan {
  if (Object.keys(filter).length !== 1 || !('_id' in filter)) return false
  const id: unknown = filter._id
  const operators = isObject(id) && Object.keys(id).some((name) => name.startsWith('$') && name !== '$eq')
  return plan.stage === 'IXSCAN' && plan.index.name === '_id_' && !operators
}

function accessTree(plan: Plan, { filter, purpose }: Reading): Document {
  const rest = Object.keys(filter).length > 0 ? filter : undefined
  switch (plan.stage) {
    case 'COLLSCAN':
      return { stage: 'COLLSCAN', filter: rest, direction: plan.reverse ? 'backward' : 'forward' }
    case 'EOF':
      return { stage: 'EOF' }
    case 'OR':
      return {
        stage: 'FETCH',
        filter: rest,
        inputStage: { stage: 'OR', inputStages: plan.branches.map((one) => indexStage(one)) },
      }
    case 'IXSCAN':
      if (purpose === 'count' && plan.exact) return indexStage(plan, 'COUNT_SCAN')
      return { stage: 'FETCH', filter: plan.exact ? undefined : rest, inputStage: indexStage(plan) }
  }
}

function projectionStage(projection: Document): string {
  const plain = Object.entries(projection).every(
    ([path, value]) => !path.includes('.') && (typeof value === 'boolean' || isNumeric(value)),
  )
  return plain ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT'
}

/** The tree of stages that explain shows for a plan. */
export function planTree(plan: Plan, reading: Reading): Document {
  const { sort, projection, skip, limit, purpose, needsSort } = reading
  const projects = projection && Object.keys(projection).length > 0
  if (isPoint(plan, reading.filter) && purpose === 'find')
    return {
      stage: 'EXPRESS_IXSCAN',
      keyPattern: shellText(plan.index.spec.key),
      indexName: plan.index.name,
      projection: projects ? shellText(projection) : undefined,
    }
  let tree = isPoint(plan, reading.filter) && purpose !== 'count' ? { stage: 'IDHACK' } : accessTree(plan, reading)
  if (needsSort)
    tree = {
      stage: 'SORT',
      sortPattern: sort,
      memLimit: SORT_MEMORY,
      limitAmount: limit ? limit + (skip ?? 0) : undefined,
      type: 'simple',
      inputStage: tree,
    }
  if (skip) tree = { stage: 'SKIP', skipAmount: skip, inputStage: tree }
  if (projects) tree = { stage: projectionStage(projection), transformBy: projection, inputStage: tree }
  if (limit && !needsSort && (purpose === 'find' || purpose === 'aggregate'))
    tree = { stage: 'LIMIT', limitAmount: limit, inputStage: tree }
  if (purpose === 'count')
    tree =
      plan.stage === 'COLLSCAN' && Object.keys(reading.filter).length === 0
        ? { stage: 'RECORD_STORE_FAST_COUNT' }
        : { stage: 'COUNT', inputStage: tree }
  if (purpose === 'update' || purpose === 'delete') tree = { stage: purpose.toUpperCase(), inputStage: tree }
  return tree
}

export interface Figures {
  returned: number
  keys: number
  documents: number
}

const READS_KEYS = new Set(['IXSCAN', 'COUNT_SCAN', 'EXPRESS_IXSCAN', 'IDHACK'])
const READS_DOCUMENTS = new Set(['FETCH', 'COLLSCAN', 'EXPRESS_IXSCAN', 'IDHACK'])

/** The tree with what was read, at the stages that read it. */
export function executionTree(tree: Document, figures: Figures): Document {
  const { inputStage, ...own } = tree
  const name = own.stage as string
  return {
    ...own,
    keysExamined: READS_KEYS.has(name) ? figures.keys : undefined,
    docsExamined: READS_DOCUMENTS.has(name) ? figures.documents : undefined,
    inputStage: isObject(inputStage) ? executionTree(inputStage, figures) : undefined,
  }
}
