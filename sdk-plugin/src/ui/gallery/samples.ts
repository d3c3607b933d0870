import { computed, ref, shallowRef } from 'vue'
import { ApiProblem } from '../api/api-problem.ts'
import type { I18n } from '../host.ts'
import type { Point } from '../charts/series.ts'
import type { QueryState } from '../query/query-state.ts'
import type { Query } from '../query/use-query.ts'

/** A moment so many seconds ago. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString()
}

/** The time of the day that many seconds ago, as people say it. */
export function clockAgo(text: Pick<I18n, 'd'>, seconds: number): string {
  return text.d(ago(seconds), { timeStyle: 'short' })
}

/** A day of quarter hours with a daily rhythm around `level`; `gap` leaves out two hours, `drop` lowers the last three. */
export function day(level: number, swing: number, { gap = false, drop = 0 } = {}): Point[] {
  return Array.from({ length: 96 }, (_, index) => {
    const ripple = Math.sin(index / 3.1) * 0.16 + Math.sin(index * 1.7) * 0.1
    const rhythm = Math.cos((index / 96) * 2 * Math.PI) * 0.6
    const fallen = index > 84 ? drop : 0
    const missing = gap && index > 40 && index < 49
    return { at: ago((95 - index) * 900), value: missing ? null : level + swing * (rhythm + ripple) - fallen }
  })
}

const problems: Partial<Record<QueryState, ApiProblem>> = {
  error: new ApiProblem({ status: 502, code: 'upstream_failed', traceId: '4bf92f3577b34da6' }),
  'no-permission': new ApiProblem({ status: 403, code: 'forbidden' }),
  offline: new ApiProblem({ status: 0, code: 'offline' }),
}

/** A query that stands still in one state. */
export function stillQuery(state: QueryState, content: string, failedParts: readonly string[] = []): Query<string> {
  const hasData = ['ready', 'stale', 'partial'].includes(state)
  return {
    state: computed(() => state),
    data: shallowRef(hasData ? content : undefined),
    problem: shallowRef(problems[state]),
    failedParts: computed(() => failedParts),
    updatedAt: shallowRef(hasData ? new Date(Date.now() - 40_000) : undefined),
    busy: ref(false),
    refetch: async () => {},
    mutate: () => {},
  }
}
