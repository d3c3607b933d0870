import { ApiProblem } from '../api/api-problem.ts'
import { queryState, type QueryFacts } from './query-state.ts'

const fresh: QueryFacts = {
  hasData: true,
  isEmpty: false,
  failedParts: 0,
  problem: undefined,
  online: true,
  age: 0,
  refreshMs: 10_000,
}
const failed = new ApiProblem({ status: 500, code: 'internal' })
const forbidden = new ApiProblem({ status: 403, code: 'forbidden' })
const offline = new ApiProblem({ status: 0, code: 'offline' })

test.each<[string, Partial<QueryFacts>, string]>([
  ['nothing yet', { hasData: false }, 'loading'],
  ['data', {}, 'ready'],
  ['no rows', { isEmpty: true }, 'empty'],
  ['a part failed', { failedParts: 1 }, 'partial'],
  ['first fetch failed', { hasData: false, problem: failed }, 'error'],
  ['first fetch without network', { hasData: false, problem: offline, online: false }, 'offline'],
  ['refresh failed', { problem: failed }, 'stale'],
  ['refresh without network', { problem: offline, online: false }, 'stale'],
  ['twice the period', { age: 20_000 }, 'ready'],
  ['older than twice the period', { age: 20_001 }, 'stale'],
  ['old data that nobody refreshes', { age: 1e9, refreshMs: undefined }, 'ready'],
  ['permission withdrawn while data was shown', { problem: forbidden }, 'no-permission'],
  ['no permission from the start', { hasData: false, problem: forbidden }, 'no-permission'],
])('%s is shown as %s', (_name, facts, expected) => {
  expect(queryState({ ...fresh, ...facts })).toBe(expected)
})
