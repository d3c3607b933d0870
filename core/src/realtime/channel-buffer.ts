/** One message as it goes over the wire. */
export interface WireMessage {
  readonly topic: string
  readonly region: string
  readonly key: string
  /** `<epoch>-<n>`: n grows by one; another epoch means that what came before is not known any more. */
  readonly id: string
  readonly payload: unknown
}

/** What a joining client gets. */
export interface Replay {
  readonly messages: readonly WireMessage[]
  /** Id of the newest message; `<epoch>-0` before the first. */
  readonly latest: string
  /** The gap cannot be filled: the view must be read again. */
  readonly resync: boolean
}

/** The last messages of one (topic, region, key), for replay after a reconnect. */
export class ChannelBuffer {
  readonly #epoch: string
  readonly #size: number
  readonly #messages: WireMessage[] = []
  readonly #lengths: number[] = []
  /** Of the messages that are kept, characters. */
  length = 0
  #last = 0

  /** @param epoch unique to this buffer for ever @param size how many messages are kept; 0 keeps none */
  constructor(epoch: string, size: number) {
    this.#epoch = epoch
    this.#size = size
  }

  /** @param length of the message, characters */
  append(message: Omit<WireMessage, 'id'>, length: number): WireMessage {
    this.#last += 1
    const stored = { ...message, id: `${this.#epoch}-${this.#last}` }
    this.#messages.push(stored)
    this.length += length
    this.#lengths.push(length)
    if (this.#messages.length > this.#size) {
      this.#messages.shift()
      this.length -= this.#lengths.shift() as number
    }
    return stored
  }

  /** What happened after `since`; nothing is missed when `since` is undefined, because the client starts from a fresh read. */
  replay(since: string | undefined): Replay {
    const latest = `${this.#epoch}-${this.#last}`
    if (since === undefined) return { messages: [], latest, resync: false }
    const n = this.#numberOf(since)
    const oldest = this.#last - this.#messages.length + 1
    if (n === undefined || n > this.#last || n < oldest - 1) return { messages: [], latest, resync: true }
    return { messages: this.#messages.slice(n - oldest + 1), latest, resync: false }
  }

  #numberOf(id: string): number | undefined {
    const dash = id.lastIndexOf('-')
    const n = Number(id.slice(dash + 1))
    return id.slice(0, dash) === this.#epoch && Number.isSafeInteger(n) && n >= 0 ? n : undefined
  }
}
