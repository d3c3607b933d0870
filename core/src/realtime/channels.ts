import { randomBytes } from 'node:crypto'
import { ChannelBuffer, type WireMessage } from './channel-buffer.ts'

export interface ChannelName {
  readonly topic: string
  readonly region: string
  readonly key: string
}

const mostBuffers = 20_000
/** Characters of all messages that are kept: they are in the host's memory. */
const mostLength = 32 * 1024 * 1024

/** Buffers by channel, the least recently used ones dropped beyond bounds: their clients are told to read again. */
export class Channels {
  readonly #node = randomBytes(6).toString('hex')
  readonly #buffers = new Map<string, ChannelBuffer>()
  #made = 0
  #length = 0

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
    if (this.#buffers.size > mostBuffers) this.#dropOldest()
    return made
  }

  /** Keeps a message for replay. @param length of it, characters */
  append(message: Omit<WireMessage, 'id'>, length: number, size: number): WireMessage {
    const buffer = this.buffer(message, size)
    this.#length -= buffer.length
    const stored = buffer.append(message, length)
    this.#length += buffer.length
    while (this.#length > mostLength) this.#dropOldest()
    return stored
  }

  /** Forgets the channels of a topic. */
  drop(topic: string): void {
    for (const room of this.#buffers.keys()) if (room.startsWith(`${topic}\n`)) this.#drop(room)
  }

  #dropOldest(): void {
    const [oldest] = this.#buffers.keys()
    if (oldest !== undefined) this.#drop(oldest)
  }

  #drop(room: string): void {
    this.#length -= this.#buffers.get(room)?.length ?? 0
    this.#buffers.delete(room)
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
