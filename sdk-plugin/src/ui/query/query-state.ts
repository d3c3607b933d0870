import type { ApiProblem } from '../api/api-problem.ts'

/** The seven states of a data region (rule X1), and `ready`. */
export type QueryState = 'loading' | 'empty' | 'partial' | 'error' | 'stale' | 'no-permission' | 'offline' | 'ready'

export interface QueryFacts {
  readonly hasData: boolean
  readonly isEmpty: boolean
  readonly failedParts: number
  readonly problem: ApiProblem | undefined
  readonly online: boolean
  /** Milliseconds since the data came, and the refresh period when there is one. */
  readonly age: number
  readonly refreshMs: number | undefined
}

/** Old data with a word about its age beats an empty error card; a refusal hides data that may no longer be shown. */
export function queryState(facts: QueryFacts): QueryState {
  const { problem, hasData } = facts
  if (problem?.status === 403) return 'no-permission'
  if (!hasData) {
    if (problem === undefined) return 'loading'
    return facts.online && problem.code !== 'offline' ? 'error' : 'offline'
  }
  if (isStale(facts)) return 'stale'
  if (facts.failedParts > 0) return 'partial'
  return facts.isEmpty ? 'empty' : 'ready'
}

/** Older than twice the refresh period (X1), or the last refresh failed. */
function isStale({ age, refreshMs, problem }: QueryFacts): boolean {
  return problem !== undefined || (refreshMs !== undefined && age > 2 * refreshMs)
}
