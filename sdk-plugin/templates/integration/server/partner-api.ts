import { Problem } from '@dcesop/sdk-plugin'
import { setTimeout as pause } from 'node:timers/promises'

/** Configuration of the plugin; `config.schema` of the manifest describes it for administrators. */
export interface Config {
  readonly baseUrl: string
  /** How often a call is tried in all. */
  readonly attempts: number
  /** Pause before the second attempt, ms; it doubles with each. */
  readonly pauseMs: number
}

interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  /** Under the same key the other side acts once, however often it is asked. */
  readonly idempotencyKey?: string
  readonly signal: AbortSignal
}

/** One attempt; longer is as good as no answer. */
const attemptMs = 4000

/**
 * Calls the partner's API. Only what may be repeated is: reads, and writes with an idempotency key.
 * @throws Problem 502 `upstream_failed` when it refuses or gives no answer
 */
export async function callPartner<T>({ baseUrl, attempts, pauseMs }: Config, call: Call): Promise<T> {
  const repeatable = call.method === 'GET' || call.idempotencyKey !== undefined
  for (let attempt = 1; ; attempt += 1) {
    const answer = await tryOnce(baseUrl, call)
    if (answer instanceof Response && answer.ok) return (await answer.json()) as T
    call.signal.throwIfAborted()
    if (!repeatable || attempt >= attempts || !isPassing(answer)) throw failed(answer)
    await pause(pauseMs * 2 ** (attempt - 1), undefined, { signal: call.signal })
  }
}

async function tryOnce(baseUrl: string, { method, path, body, idempotencyKey, signal }: Call): Promise<unknown> {
  const headers = {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(attemptMs)])
  const sent = body ? { body: JSON.stringify(body) } : {}
  // A broken connection is an answer too: whether it is tried again is decided in one place.
  return fetch(new URL(path, baseUrl), { method, headers, signal: limit, redirect: 'error', ...sent }).catch(
    (error: unknown) => error,
  )
}

/** Whether the next attempt may go better: no connection, too many requests, or a fault on the other side. */
function isPassing(answer: unknown): boolean {
  return !(answer instanceof Response) || answer.status === 429 || answer.status >= 500
}

function failed(answer: unknown): Problem {
  const detail =
    answer instanceof Response ? `The partner answered ${answer.status}.` : 'The partner could not be reached.'
  return new Problem(502, 'upstream_failed', detail, { retryAfter: 30, cause: answer })
}
