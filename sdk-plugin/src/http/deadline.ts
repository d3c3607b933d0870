import { Problem } from '../backend/problem.ts'

/**
 * Runs `work` for at most `limitMs` and as long as nobody aborts. At the limit the controller is aborted, so that work that
 * listens to its signal ends too.
 * @throws Problem 504 `time_limit` at the limit, or the reason with which the controller was aborted
 */
export async function within<T>(limitMs: number, abort: AbortController, work: () => Promise<T>): Promise<T> {
  const { signal } = abort
  const ended = Promise.withResolvers<never>()
  const onAbort = () => ended.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(
    () => abort.abort(new Problem(504, 'time_limit', `The plugin did not answer within ${limitMs} ms.`)),
    limitMs,
  )
  try {
    signal.throwIfAborted()
    return await Promise.race([work(), ended.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
