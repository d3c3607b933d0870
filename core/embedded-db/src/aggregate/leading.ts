import type { Document } from 'bson'
import { isObject } from '../values/types.ts'
import type { NamedStage } from './stages.ts'
import { countOperand } from './stages/basic.ts'

/** The part of a pipeline that an index can serve, and the rest. */
export interface Leading {
  match: Document | undefined
  sort: Document | undefined
  skip: number | undefined
  limit: number | undefined
  rest: NamedStage[]
}

/** The paths that a filter reads; undefined when it may read anything. */
function filterPaths(filter: Document): string[] | undefined {
  const paths: string[] = []
  for (const [name, operand] of Object.entries(filter)) {
    if (!name.startsWith('$')) paths.push(name)
    else if (name === '$comment') continue
    else if (name === '$and' || name === '$or' || name === '$nor') {
      for (const branch of Array.isArray(operand) ? (operand as unknown[]) : []) {
        const inner = isObject(branch) ? filterPaths(branch) : undefined
        if (!inner) return undefined
        paths.push(...inner)
      }
    } else return undefined
  }
  return paths
}

function touches(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`)
}

/** The paths that a stage may change without changing which documents there are, or undefined for other stages. */
function changedPaths({ name, spec }: NamedStage): string[] | undefined {
  if (name === '$sort') return []
  if ((name === '$addFields' || name === '$set') && isObject(spec)) return Object.keys(spec)
  if (name === '$lookup' && isObject(spec) && typeof spec.as === 'string') return [spec.as]
  if (name === '$unset') return (Array.isArray(spec) ? (spec as unknown[]) : [spec]).map(String)
  return undefined
}

/** Moves each $match before stages that neither read nor change what it asks for. */
function liftMatches(stages: readonly NamedStage[]): NamedStage[] {
  const result: NamedStage[] = []
  for (const stage of stages) {
    let at = result.length
    if (stage.name === '$match' && isObject(stage.spec)) {
      const paths = filterPaths(stage.spec)
      while (at > 0) {
        const before = result[at - 1] as NamedStage
        const changed = changedPaths(before)
        const onlySort = before.name === '$sort'
        if (!changed || (!onlySort && (!paths || changed.some((path) => paths.some((other) => touches(path, other))))))
          break
        at--
      }
    }
    result.splice(at, 0, stage)
  }
  return result
}

/** Splits off the leading $match stages (as one filter), then a $sort, then $skip and $limit. */
export function splitLeading(stages: readonly NamedStage[]): Leading {
  const rest = liftMatches(stages)
  const filters: Document[] = []
  while (rest[0]?.name === '$match' && isObject(rest[0].spec))
    filters.push((rest.shift() as NamedStage).spec as Document)
  const [only] = filters
  const take = (name: string): unknown => (rest[0]?.name === name ? (rest.shift() as NamedStage).spec : undefined)
  const sort = take('$sort')
  const skip = take('$skip')
  const limit = take('$limit')
  return {
    match: filters.length > 1 ? { $and: filters } : only,
    sort: sort as Document | undefined,
    skip: skip === undefined ? undefined : countOperand('$skip', skip),
    limit: limit === undefined ? undefined : countOperand('$limit', limit),
    rest,
  }
}
