import type { ServerResponse } from 'node:http'
import { Problem } from '../backend/problem.ts'

/** Ends a request early, once. Its signal is only made for a handler that asks: most do not, and each costs more than the checks of a route. */
export class Cancellation {
  #controller: AbortController | undefined
  #cancelled = false
  #reason: unknown
  #listener: ((reason: unknown) => void) | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#cancelled) this.#controller.abort(this.#reason)
    return this.#controller.signal
  }

  cancel(reason: unknown): void {
    if (this.#cancelled) return
    this.#cancelled = true
    this.#reason = reason
    this.#controller?.abort(reason)
    this.#listener?.(reason)
  }

  /** Tells one listener, at once when it was cancelled before; undefined takes the listener away. */
  tell(listener: ((reason: unknown) => void) | undefined): void {
    this.#listener = listener
    if (this.#cancelled) listener?.(this.#reason)
  }
}

/** A timer that is so late was kept waiting: something held the event loop. */
const heldMs = 50

/**
 * Calls `late` after `limitMs`. Where something held the event loop then, an answer may have come in meanwhile, and nobody has had a
 * turn to read it: what was lost is added, no more than the limit again.
 * @returns ends it
 */
export function atLimit(limitMs: number, late: () => void): () => void {
  const due = performance.now() + limitMs
  let timer = setTimeout(() => {
    const lost = performance.now() - due
    if (lost < heldMs) late()
    else timer = setTimeout(late, Math.min(lost, limitMs))
  }, limitMs)
  return () => clearTimeout(timer)
}

/**
 * Runs `work` for at most `limitMs` and as long as nobody cancels. At the limit it is cancelled, so that work that listens to its
 * signal ends too.
 * @throws Problem 504 `time_limit` at the limit, or the reason of the cancellation
 */
export function within<T>(limitMs: number, cancellation: Cancellation, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = atLimit(limitMs, () =>
      cancellation.cancel(new Problem(504, 'time_limit', `The plugin did not answer within ${limitMs} ms.`)),
    )
    let cancelled = false
    const end = () => {
      stop()
      cancellation.tell(undefined)
    }
    cancellation.tell((reason) => {
      cancelled = true
      end()
      reject(reason as Error)
    })
    if (cancelled) return
    work().then(
      (value) => {
        end()
        resolve(value)
      },
      (error: unknown) => {
        end()
        reject(error as Error)
      },
    )
  })
}

/** Cancels with Problem 499 `client_gone` when the connection closes before the answer was sent. */
export function cancelOnClose(response: ServerResponse): Cancellation {
  const cancellation = new Cancellation()
  response.once('close', () => {
    if (!response.writableFinished) cancellation.cancel(clientGone())
  })
  return cancellation
}

/** Why a request ends whose client left. */
export function clientGone(): Problem {
  return new Problem(499, 'client_gone', 'The client went away.')
}
