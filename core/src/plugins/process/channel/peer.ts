import type { Duplex } from 'node:stream'
import { serialize } from 'node:v8'
import { decodeError, encodeError, type SentError } from './sent-error.ts'
import { Frames, frameOf } from './frames.ts'

type Handler = (...params: never[]) => unknown
export type Handlers = Readonly<Record<string, Handler>>

/** One message: a call has id and method, a note only a method, an answer only an id. */
interface Message {
  readonly i?: number
  readonly m?: string
  readonly p?: unknown[]
  readonly r?: unknown
  readonly e?: SentError
}

/** It was not this side that closed the channel. */
export class ChannelGone extends Error {}

/** What the owner of a channel is told. */
export interface PeerEvents {
  /** Once, with the reason. */
  closed(reason: Error): void
  /** A note of the other side could not be followed. */
  failed(method: string, error: unknown): void
}

export interface PeerLimits {
  /** Largest message that is taken, bytes. */
  readonly frameBytes: number
  /** Messages taken in a second; what comes beyond waits for the next. */
  readonly perSecond: number
  /** Bytes taken in a second; what comes beyond waits for the next. */
  readonly bytesPerSecond: number
  /** Calls answered at the same time; reading pauses meanwhile. */
  readonly pending: number
  /** Bytes of these calls; reading pauses beyond. */
  readonly pendingBytes: number
  /** Bytes that may wait to be read by the other side; beyond, the channel is closed. */
  readonly unsentBytes: number
}

/**
 * Calls both ways over one stream. Values are structured clones: data, not objects with methods. Whatever the other side sends,
 * nothing is thrown here: what does not fit closes the channel.
 */
export class Peer {
  readonly #stream: Duplex
  readonly #handlers: ReadonlyMap<string, Handler>
  readonly #limits: PeerLimits
  readonly #events: PeerEvents
  readonly #frames: Frames
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #next = 1
  #pending = { calls: 0, bytes: 0 }
  #taken = { messages: 0, bytes: 0 }
  #refill: NodeJS.Timeout | undefined
  #closed: Error | undefined

  constructor(stream: Duplex, handlers: Handlers, limits: PeerLimits, events: PeerEvents) {
    this.#stream = stream
    this.#handlers = new Map(Object.entries(handlers))
    this.#limits = limits
    this.#events = events
    this.#frames = new Frames(limits.frameBytes)
    const end = (reason: Error) => {
      if (this.#closed) return
      this.#closed = reason
      clearTimeout(this.#refill)
      stream.destroy()
      for (const { reject } of this.#waiting.values()) reject(reason)
      this.#waiting.clear()
      events.closed(reason)
    }
    stream.on('data', (chunk: Buffer) => {
      try {
        this.#frames.push(chunk)
        this.#drain()
      } catch (error) {
        end(error as Error)
      }
    })
    stream.on('error', end)
    stream.on('close', () => end(new ChannelGone('The other side of the channel is gone.')))
  }

  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  /** @throws what the other side's handler threw, or the reason why the channel closed */
  call(method: string, ...params: unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed)
    const id = this.#next++
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(id, waiting)
    try {
      this.#send({ i: id, m: method, p: params })
    } catch (error) {
      this.#waiting.delete(id)
      waiting.reject(error)
    }
    return waiting.promise
  }

  /** Says something that has no answer. @throws Error when the parameters are no data */
  note(method: string, ...params: unknown[]): void {
    if (!this.#closed) this.#send({ m: method, p: params })
  }

  #send(message: Message): void {
    this.#stream.uncork()
    this.#write(message)
  }

  #write(message: Message): void {
    this.#stream.write(frameOf(serialize(message)))
    if (this.#stream.writableLength > this.#limits.unsentBytes)
      this.#stream.destroy(new Error('The other side of the channel does not read.'))
  }

  #drain(): void {
    while (!this.#closed) {
      if (this.#isFull) return void this.#stream.pause()
      const message = this.#frames.shift()
      if (message === undefined) return
      this.#taken.messages += 1
      this.#taken.bytes += message.bytes
      this.#refill ??= setTimeout(() => this.#refilled(), 1000).unref()
      this.#take(message.value, message.bytes)
    }
  }

  get #isFull(): boolean {
    const { pending, pendingBytes, perSecond, bytesPerSecond } = this.#limits
    const [waiting, taken] = [this.#pending, this.#taken]
    if (waiting.calls >= pending || waiting.bytes >= pendingBytes) return true
    return taken.messages >= perSecond || taken.bytes >= bytesPerSecond
  }

  #refilled(): void {
    this.#refill = undefined
    this.#taken = { messages: 0, bytes: 0 }
    this.#resume()
  }

  #resume(): void {
    if (this.#closed) return
    try {
      this.#drain()
    } catch (error) {
      return void this.#stream.destroy(error as Error)
    }
    if (!this.#isFull) this.#stream.resume()
  }

  #take({ i, m, p = [], r, e }: Message, bytes: number): void {
    if (m !== undefined) {
      if (i === undefined) this.#run(m, p).catch((error: unknown) => this.#events.failed(m, error))
      else void this.#answer(i, m, p, bytes)
      return
    }
    const waiting = this.#waiting.get(i as number)
    this.#waiting.delete(i as number)
    if (e) waiting?.reject(decodeError(e))
    else waiting?.resolve(r)
  }

  async #answer(id: number, method: string, params: unknown[], bytes: number): Promise<void> {
    this.#pending.calls += 1
    this.#pending.bytes += bytes
    try {
      this.#reply({ i: id, r: await this.#run(method, params) })
    } catch (error) {
      this.#reply({ i: id, e: encodeError(error) })
    } finally {
      this.#pending.calls -= 1
      this.#pending.bytes -= bytes
      if (this.#stream.isPaused()) this.#resume()
    }
  }

  /** Answers of one turn go out together. What this side says of itself goes at once: the next moment may be its last. */
  #reply(message: Message): void {
    if (this.#closed) return
    if (this.#stream.writableCorked === 0) {
      this.#stream.cork()
      process.nextTick(() => this.#stream.uncork())
    }
    this.#write(message)
  }

  async #run(method: string, params: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(method)
    if (!handler) throw new Error(`There is no "${method}".`)
    return handler(...(params as never[]))
  }
}
