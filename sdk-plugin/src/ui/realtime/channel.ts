import type { RealtimeClient, RealtimeMessage } from '../host.ts'

export type Channel = Parameters<RealtimeClient['subscribe']>[0]
export type ChannelListener = Parameters<RealtimeClient['subscribe']>[1]

/** Answer to `subscribe`: `latest` is the id up to which the client is now in step. */
export type SubscribeAck = { ok: true; latest: string | null; resync?: boolean } | { ok: false; code: string }

/** Wire form of a message: `id` is `<epoch>-<number>`, growing within (topic, region, key) while the epoch stays. */
export interface WireMessage extends Channel {
  readonly id: string
  readonly payload: unknown
}

/** What one (topic, region, key) has seen, and who listens. Pure: the socket is the caller's. */
export interface ChannelState {
  readonly channel: Channel
  readonly listeners: Set<ChannelListener>
  last: string | undefined
  joined: boolean
  joinedBefore: boolean
}

export function newChannelState(channel: Channel): ChannelState {
  return { channel, listeners: new Set(), last: undefined, joined: false, joinedBefore: false }
}

export function channelKey({ topic, region, key }: Channel): string {
  return JSON.stringify([topic, region, key])
}

/** Hands a message to the listeners once: replay and live delivery may overlap after a reconnect. */
export function receive(state: ChannelState, message: RealtimeMessage): void {
  if (!isAfter(message.id, state.last)) return
  state.last = message.id
  for (const listener of [...state.listeners]) listener.message({ id: message.id, payload: message.payload as never })
}

/** Applies the answer to a (re)subscribe; views refetch when the server could not replay. */
export function acknowledge(state: ChannelState, ack: SubscribeAck): void {
  const listeners = [...state.listeners]
  state.joined = ack.ok
  if (!ack.ok) {
    for (const listener of listeners) listener.denied?.(ack.code)
    return
  }
  // Without an id to replay from, whatever came while away is lost too.
  const lost = state.joinedBefore && (ack.resync === true || state.last === undefined)
  if (ack.latest !== null && (ack.resync === true || isAfter(ack.latest, state.last))) state.last = ack.latest
  state.joinedBefore = true
  for (const listener of listeners) {
    listener.joined?.()
    if (lost) listener.resync()
  }
}

/** True when `id` was not seen yet: a larger number of the same epoch, or any id of another epoch. */
export function isAfter(id: string, last: string | undefined): boolean {
  if (last === undefined) return true
  const [epoch, number] = parts(id)
  const [lastEpoch, lastNumber] = parts(last)
  return epoch !== lastEpoch || number > lastNumber
}

function parts(id: string): [epoch: string, number: number] {
  const dash = id.lastIndexOf('-')
  return [id.slice(0, dash), Number(id.slice(dash + 1))]
}
