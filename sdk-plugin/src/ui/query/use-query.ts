import {
  computed,
  type ComputedRef,
  hasInjectionContext,
  onScopeDispose,
  readonly,
  ref,
  type Ref,
  shallowRef,
  toValue,
  watch,
  type MaybeRefOrGetter,
  type WatchSource,
} from 'vue'
import { ApiProblem } from '../api/api-problem.ts'
import { useOptionalHostRef } from '../unit/injection.ts'
import { useOnScreen } from '../unit/on-screen.ts'
import { queryState, type QueryState } from './query-state.ts'

export interface QueryOptions<T> {
  /** Fetches again each so many milliseconds, at least 5000, while the page is visible and the unit is on screen. */
  readonly refreshMs?: number
  /** Marks repeated fetches as background, which do not count as the person's activity. Default true; the first is not. */
  readonly background?: boolean
  /** Refetches from nothing when one of these changes. */
  readonly watch?: WatchSource | WatchSource[]
  /** Waits until true, for example `topic.joined`. */
  readonly enabled?: MaybeRefOrGetter<boolean>
  /** While true nothing is fetched by itself: what is on screen stays and ages. */
  readonly paused?: MaybeRefOrGetter<boolean>
  readonly isEmpty?: (data: T) => boolean
  /** Names of the parts of the answer that failed, already in the person's language. */
  readonly failedParts?: (data: T) => readonly string[]
}

export interface Query<T> {
  readonly state: ComputedRef<QueryState>
  /** Last good data; kept while refreshing and when a refresh fails. */
  readonly data: Readonly<Ref<T | undefined>>
  readonly problem: Readonly<Ref<ApiProblem | undefined>>
  readonly failedParts: ComputedRef<readonly string[]>
  readonly updatedAt: Readonly<Ref<Date | undefined>>
  readonly busy: Readonly<Ref<boolean>>
  /** Fetches now; resolves when the state is up to date, never rejects. */
  refetch(): Promise<void>
  /** Replaces the data, for a pushed message or an optimistic change. */
  mutate(change: (data: T | undefined) => T): void
}

export interface FetchContext {
  readonly signal: AbortSignal
  readonly background: boolean
}

/** What must be on screen sooner is pushed. */
const leastRefreshMs = 5000

/** Data of one region of a screen with the states of rule X1; give it to `DcStateBoundary`. */
export function useQuery<T>(fetcher: (context: FetchContext) => Promise<T>, options: QueryOptions<T> = {}): Query<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<ApiProblem>()
  const updatedAt = shallowRef<Date>()
  const busy = ref(false)
  const now = ref(Date.now())
  const online = ref(navigator.onLine)
  let running: AbortController | undefined

  async function run(background: boolean): Promise<void> {
    running?.abort()
    const controller = new AbortController()
    running = controller
    busy.value = true
    try {
      const answer = await fetcher({ signal: controller.signal, background })
      if (controller.signal.aborted) return
      settle(answer)
    } catch (error) {
      if (controller.signal.aborted) return
      problem.value = asProblem(error)
    } finally {
      if (running === controller) busy.value = false
    }
  }

  function settle(answer: T): void {
    data.value = answer
    problem.value = undefined
    updatedAt.value = new Date()
    now.value = Date.now()
  }

  function restart(): void {
    running?.abort()
    data.value = undefined
    problem.value = undefined
    updatedAt.value = undefined
    if (enabled.value) void run(false)
  }

  const paused = () => toValue(options.paused) ?? false
  const enabled = computed(() => toValue(options.enabled) ?? true)
  const sources = options.watch === undefined ? [] : [options.watch].flat()
  watch([enabled, ...sources], restart, { immediate: true })

  /** What failed for want of a network or a server may work now. */
  function runAgain(): void {
    if (enabled.value && !paused() && problem.value !== undefined) void run(options.background ?? true)
  }

  const stops = [
    repeat(options.refreshMs === undefined ? 5000 : Math.min(5000, options.refreshMs), () => (now.value = Date.now())),
    listen('online', () => {
      online.value = true
      runAgain()
    }),
    listen('offline', () => (online.value = false)),
  ]
  // A server that starts again is no change of the browser's network.
  const realtime = hasInjectionContext() ? useOptionalHostRef()?.value.realtime : undefined
  if (realtime) stops.push(realtime.onState((now) => now === 'connected' && runAgain()))
  const seen = hasInjectionContext() ? useOnScreen() : undefined
  if (options.refreshMs !== undefined) {
    const period = Math.max(leastRefreshMs, options.refreshMs)
    const refresh = (): void => {
      const wanted = enabled.value && !paused() && seen?.value !== false && document.visibilityState === 'visible'
      if (wanted && !busy.value) void run(options.background ?? true)
    }
    stops.push(repeat(period, refresh))
    // What was scrolled away for longer than that comes back with new data.
    if (seen) watch(seen, () => Date.now() - (updatedAt.value?.getTime() ?? 0) >= period && refresh())
  }
  onScopeDispose(() => {
    running?.abort()
    for (const stop of stops) stop()
  })

  const failedParts = computed(() => (data.value === undefined ? [] : (options.failedParts?.(data.value) ?? [])))
  return {
    state: computed(() =>
      queryState({
        hasData: updatedAt.value !== undefined,
        isEmpty: data.value !== undefined && (options.isEmpty ?? isEmptyList)(data.value),
        failedParts: failedParts.value.length,
        problem: problem.value,
        online: online.value,
        age: now.value - (updatedAt.value?.getTime() ?? now.value),
        refreshMs: options.refreshMs,
      }),
    ),
    data,
    problem,
    failedParts,
    updatedAt,
    busy: readonly(busy),
    refetch: () => run(false),
    mutate: (change) => settle(change(data.value)),
  }
}

function isEmptyList(data: unknown): boolean {
  return Array.isArray(data) && data.length === 0
}

/** A fetcher's own mistake is shown like a failed request, and stays in the console's reach through `cause`. */
function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem({ status: 0, code: 'client_error', cause: error })
}

function repeat(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}

function listen(event: string, run: () => void): () => void {
  window.addEventListener(event, run)
  return () => window.removeEventListener(event, run)
}
