import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { compileCollation } from '../values/collation.ts'
import { isObject } from '../values/types.ts'
import type { View } from './collection.ts'

/** How many views may stand on each other. */
export const MAX_VIEW_DEPTH = 20

/** The names that stages join, those of inner pipelines too. */
function joined(stages: unknown): unknown[] {
  if (!Array.isArray(stages)) return []
  return (stages as Document[]).flatMap(({ $lookup, $graphLookup, $unionWith, $facet }): unknown[] => [
    ...[$lookup, $graphLookup].filter(isObject).flatMap((join) => [join.from as unknown, ...joined(join.pipeline)]),
    ...(isObject($unionWith) ? [$unionWith.coll as unknown, ...joined($unionWith.pipeline)] : [$unionWith]),
    ...(isObject($facet) ? Object.values($facet).flatMap(joined) : []),
  ])
}

function readsOf(view: View): Set<unknown> {
  return new Set([view.viewOn, ...joined(view.pipeline)])
}

function tooDeep(): CommandError {
  return new CommandError(
    165,
    'ViewDepthLimitExceeded',
    `View depth limit exceeded; maximum depth is ${MAX_VIEW_DEPTH}`,
  )
}

/** @throws CommandError for a view that reads itself (5), stands with others too high (165) or differs from them in collation (167) */
export function checkViewGraph(known: Iterable<View>, view: View): void {
  const views = [...known].filter((one) => one.database === view.database && one.name !== view.name).concat(view)

  const neighbours = (one: View, down: boolean): View[] => {
    const reads = down ? readsOf(one) : undefined
    return views.filter((other) => (reads ? reads.has(other.name) : readsOf(other).has(one.name)))
  }

  /** The number of views on the longest way from one down to collections, or up. */
  const height = (one: View, down: boolean, path: readonly View[], heights: Map<View, number>): number => {
    if (path.length > MAX_VIEW_DEPTH) throw tooDeep()
    let most = 0
    for (const next of neighbours(one, down)) {
      if (next === view) {
        const names = [view, ...path.slice(1), view].map(({ namespace }) => namespace)
        throw new CommandError(5, 'GraphContainsCycle', `View cycle detected: ${names.join(' => ')}`)
      }
      if (compileCollation(one.collation) !== compileCollation(next.collation))
        throw new CommandError(
          167,
          'OptionNotSupportedOnView',
          `View ${one.namespace} has a collation that does not match the collation of view ${next.namespace}`,
        )
      most = Math.max(most, heights.get(next) ?? height(next, down, [...path, next], heights))
    }
    heights.set(one, most + 1)
    return most + 1
  }

  const below = height(view, true, [view], new Map())
  const above = height(view, false, [view], new Map())
  if (below + above - 1 > MAX_VIEW_DEPTH) throw tooDeep()
}
