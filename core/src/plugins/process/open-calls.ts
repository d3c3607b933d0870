import type { Asked } from '../generation/call.ts'

/** An answer may come before the last of what a plugin says of its request. */
const keptTurns = 30

/**
 * Who asked, by trace id, while a request is open and for a while after: what a process says about a request is held against it. No
 * more than that is kept, as a minute of requests with their sockets and answers is hundreds of megabytes.
 */
export class OpenCalls {
  readonly #open = new Map<string, Asked>()
  /** By the turn in which they ended, the last one first: one large table would stand still for each growth. */
  #ended: Map<string, Asked>[] = [new Map()]

  add({ identity, traceId, address }: Asked): void {
    this.#open.set(traceId, { identity, traceId, ...(address !== undefined && { address }) })
  }

  end(traceId: string): void {
    const asked = this.#open.get(traceId)
    if (this.#open.delete(traceId)) this.#ended[0]?.set(traceId, asked as Asked)
  }

  find(traceId: string): Asked | undefined {
    return this.#open.get(traceId) ?? this.#ended.find((ended) => ended.has(traceId))?.get(traceId)
  }

  /** Forgets those that ended so many turns ago. */
  turn(): void {
    this.#ended = [new Map(), ...this.#ended].slice(0, keptTurns)
  }
}
