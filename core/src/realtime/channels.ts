import { randomBytes } from 'node:crypto'
import { ChannelBuffer } from './channel-buffer.ts'

export interface ChannelName {
  readonly topic: string
  readonly region: string
  readonly key: string
}

const mostBuffers = 20_000

/** Buffers by channel, the least recently used ones dropped beyond a bound: their clients are told to read again. */
export class Channels {
  readonly #node = randomBytes(6).toString('hex')
  readonly #buffers = new Map<string, ChannelBuffer>()
  #made = 0

  /** @param size messages kept for replay, when the buffer has to be made */
  buffer(channel: ChannelName, size: number): ChannelBuffer {
    const room = roomOf(channel)
    const known = this.#buffers.get(room)
    if (known) {
      this.#buffers.delete(room)
      this.#buffers.set(room, known)
      return known
    }
    this.#made += 1
    const made = new ChannelBuffer(`${this.#node}${this.#made.toString(36)}`, size)
    this.#buffers.set(room, made)
    const oldest = this.#buffers.keys().next().value
    if (this.#buffers.size > mostBuffers && oldest !== undefined) this.#buffers.delete(oldest)
    return made
  }

  /** Forgets the channels of a topic. */
  drop(topic: string): void {
    for (const room of this.#buffers.keys()) if (room.startsWith(`${topic}\n`)) this.#buffers.delete(room)
  }
}

/** Name of a channel's room; the parts cannot contain a line break. */
export function roomOf({ topic, region, key }: ChannelName): string {
  return `${topic}\n${region}\n${key}`
}

/** The channel of a room; undefined for socket.io's own rooms. */
export function channelOf(room: string): ChannelName | undefined {
  const [topic, region, key, ...rest] = room.split('\n')
  if (topic === undefined || region === undefined || key === undefined || rest.length > 0) return undefined
  return { topic, region, key }
}
