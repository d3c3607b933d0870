import type { Call } from '../generation/call.ts'

/** Requests by trace id, while they are open and for a while after: what a process says about a request is held against them. */
export class OpenCalls {
  readonly #open = new Map<string, Call>()
  #ended = new Map<string, Call>()
  #endedBefore = new Map<string, Call>()

  add(call: Call): void {
    this.#open.set(call.traceId, call)
  }

  end(call: Call): void {
    if (this.#open.delete(call.traceId)) this.#ended.set(call.traceId, call)
  }

  find(traceId: string): Call | undefined {
    return this.#open.get(traceId) ?? this.#ended.get(traceId) ?? this.#endedBefore.get(traceId)
  }

  /** Forgets those that had ended at the last turn. */
  turn(): void {
    this.#endedBefore = this.#ended
    this.#ended = new Map()
  }
}
