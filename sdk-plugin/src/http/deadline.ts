import type { ServerResponse } from 'node:http'
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

/** Aborts with Problem 499 `client_gone` when the connection closes before the answer was sent. */
export function abortOnClose(response: ServerResponse): AbortController {
  const abort = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) abort.abort(new Problem(499, 'client_gone', 'The client went away.'))
  })
  return abort
}
