import type { Disposable, Identity, RegionId } from '@dcesop/sdk-plugin'
import { Server as Engine, type Socket as EngineSocket } from 'engine.io'
import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import type { Strangers } from '../audit/strangers.ts'
import type { PolicyPort, RealtimeHub } from '../ports.ts'
import { Channels, channelOf, roomOf } from './channels.ts'
import { isSubscribeRequest, isUnsubscribeRequest, type SubscribeAck } from './requests.ts'
import { Places } from './places.ts'
import { SubscriptionRecords } from './subscription-records.ts'
import { TokenBucket } from './token-bucket.ts'
import { type JoinCheck, type TopicOptions, Topics } from './topics.ts'
import { takeUpgrades, type UpgradeDeps } from './upgrades.ts'

/** What the hub needs of the sessions. */
export interface SocketSessions {
  identities(sessionIds: readonly string[]): Promise<Map<string, Identity>>
  onEnded(listener: (sessionId: string, reason: string) => void): Disposable
}

export interface HubDeps extends UpgradeDeps {
  readonly sessions: SocketSessions
  readonly policy: PolicyPort
  readonly strangers: Strangers
  /** Every how many ms each socket's session is looked at again. */
  readonly recheckMs: number
}

interface SocketData {
  identity: Identity
  readonly bucket: TokenBucket
}

type HubSocket = Socket<
  Record<string, (...args: unknown[]) => void>,
  Record<string, (...args: unknown[]) => void>,
  Record<string, never>,
  SocketData
>

const mostChannels = 200
/** Tabs of one person, on all of their devices. */
const mostSockets = 50
/** What may wait for a socket whose reader is slow, characters; one that does not read at all would fill the memory. */
const mostUnread = 4 * 1024 * 1024
const largestMessage = 8 * 1024
/** Events of a signed-in socket, and frames of any connection, at once and in a second. */
const events = { perSecond: 20, burst: 100 }
const frames = { perSecond: 40, burst: 200 }
/** Of a message to sockets, characters. */
const mostPublished = 256 * 1024

/** socket.io over WebSocket only. Socket traffic is never the person's activity. */
export class SocketHub implements RealtimeHub {
  readonly #deps: HubDeps
  readonly #engine: Engine
  readonly #io: Server
  readonly #channels = new Channels()
  readonly #topics: Topics
  readonly #records: SubscriptionRecords
  readonly #perPerson = new Places()
  readonly #sessionEnds: Disposable
  readonly #timer: NodeJS.Timeout

  constructor(deps: HubDeps) {
    this.#deps = deps
    this.#topics = new Topics(deps.policy)
    this.#records = new SubscriptionRecords(deps.audit, this.#topics)
    this.#engine = new Engine({
      transports: ['websocket'],
      maxHttpBufferSize: largestMessage,
      pingInterval: 20_000,
      pingTimeout: 15_000,
      perMessageDeflate: false,
    })
    this.#io = new Server({ serveClient: false, connectTimeout: 10_000 })
    this.#engine.on('connection', limitFrames)
    this.#io.bind(this.#engine)
    this.#io.use((socket, next) => {
      this.#admit(socket as unknown as HubSocket).then(
        () => next(),
        (error: unknown) => next(error instanceof Error ? error : new Error('refused')),
      )
    })
    this.#io.on('connection', (socket) => this.#serve(socket as unknown as HubSocket))
    this.#sessionEnds = deps.sessions.onEnded((sessionId, reason) => this.#endSession(sessionId, reason))
    this.#timer = setInterval(
      () =>
        void this.recheck().catch((err: unknown) =>
          deps.log.error({ err }, 'sessions of sockets could not be checked'),
        ),
      deps.recheckMs,
    )
    this.#timer.unref()
  }

  /** Takes the upgrades below `/socket.io/`. */
  attach(listener: HttpServer): void {
    takeUpgrades(listener, this.#engine, this.#deps)
  }

  declare(topic: string, options: TopicOptions): Disposable {
    return this.#topics.declare(topic, options)
  }

  authorize(topic: string, check: JoinCheck): Disposable {
    return this.#topics.authorize(topic, check)
  }

  publish(topic: string, { region, key, payload }: { region: RegionId; key: string; payload: unknown }): void {
    const channel = { topic, region, key }
    // What cannot be sent is not kept either: each replay would fail on it.
    const length = JSON.stringify([channel, payload]).length
    if (length > mostPublished) throw new Error(`A message of ${length} characters is more than ${mostPublished}.`)
    const message = this.#channels.append({ ...channel, payload }, length, this.#replayOf(topic))
    this.#io.to(roomOf(channel)).emit('message', message)
  }

  subscribers(topic: string, region: RegionId, key: string): number {
    return this.#rooms.get(roomOf({ topic, region, key }))?.size ?? 0
  }

  subscribedKeys(topic: string, region: RegionId): string[] {
    const prefix = `${topic}\n${region}\n`
    return [...this.#rooms.keys()].filter((room) => room.startsWith(prefix)).map((room) => room.slice(prefix.length))
  }

  broadcast(event: string, payload: unknown): void {
    this.#io.emit(event, payload)
  }

  /** Ends the sockets whose session is over and takes others out of rooms that they may not be in any more. */
  async recheck(): Promise<void> {
    const sockets = this.#sockets
    if (sockets.length === 0) return
    const living = await this.#deps.sessions.identities([
      ...new Set(sockets.map(({ data }) => data.identity.sessionId)),
    ])
    for (const socket of sockets) {
      const identity = living.get(socket.data.identity.sessionId)
      if (!identity) end(socket, 'signed_out')
      else if (unreadOf(socket) > mostUnread) socket.disconnect(true)
      else {
        socket.data.identity = identity
        this.#leaveForbidden(socket)
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#sessionEnds.dispose()
    this.#io.disconnectSockets(true)
    this.#engine.close()
  }

  get #rooms(): Map<string, Set<string>> {
    return this.#io.sockets.adapter.rooms
  }

  get #sockets(): HubSocket[] {
    return [...this.#io.sockets.sockets.values()] as unknown as HubSocket[]
  }

  async #admit(socket: HubSocket): Promise<void> {
    const identity = await this.#deps.authenticator.authenticate(socket.request, { activity: false })
    if (!identity || identity.kind === 'machine') {
      await this.#deps.strangers.refused(socket.request)
      throw new Error('not_signed_in')
    }
    // One that has closed meanwhile would never give its place back.
    if (socket.conn.readyState !== 'open') throw new Error('gone')
    if (!this.#perPerson.take(identity.subject, socket.conn, mostSockets)) throw new Error('too_many_requests')
    socket.data.identity = identity
    Object.assign(socket.data, { bucket: new TokenBucket(events.perSecond, events.burst) })
  }

  #serve(socket: HubSocket): void {
    socket.use((_event, next) => {
      if (socket.data.bucket.take()) next()
      else socket.disconnect(true)
    })
    socket.on('subscribe', (input, answer) => {
      const ack = typeof answer === 'function' ? (answer as (ack: SubscribeAck) => void) : () => undefined
      this.#subscribe(socket, input).then(ack, (err: unknown) => {
        this.#deps.log.error({ err }, 'a subscription failed')
        ack({ ok: false, code: 'internal_error' })
      })
    })
    socket.on('unsubscribe', (input) => {
      if (isUnsubscribeRequest(input)) void socket.leave(roomOf(input))
    })
  }

  /** Between the replay and the join nothing is awaited: no message can fall into the gap or come twice. */
  async #subscribe(socket: HubSocket, input: unknown): Promise<SubscribeAck> {
    if (!isSubscribeRequest(input)) return { ok: false, code: 'invalid_request' }
    const { since, ...channel } = input
    if (socket.rooms.size > mostChannels) return { ok: false, code: 'too_many_requests' }
    const reason = await this.#topics.whyNot(socket.data.identity, channel)
    if (reason !== undefined) {
      await this.#records.refused(socket, channel, reason)
      // The same for an unknown topic, another region and a missing permission.
      return { ok: false, code: 'not_found' }
    }
    if (!socket.rooms.has(roomOf(channel))) await this.#records.joins(socket, channel)
    if (!socket.connected) return { ok: false, code: 'not_signed_in' }
    const { messages, latest, resync } = this.#channels.buffer(channel, this.#replayOf(channel.topic)).replay(since)
    if (!socket.rooms.has(roomOf(channel))) for (const message of messages) socket.emit('message', message)
    void socket.join(roomOf(channel))
    return { ok: true, latest, ...(resync ? { resync } : {}) }
  }

  #replayOf(topic: string): number {
    return this.#topics.get(topic)?.replay ?? 0
  }

  #leaveForbidden(socket: HubSocket): void {
    for (const room of socket.rooms) {
      const channel = channelOf(room)
      if (channel && !this.#topics.permits(socket.data.identity, channel.topic, channel.region)) void socket.leave(room)
    }
  }

  #endSession(sessionId: string, reason: string): void {
    for (const socket of this.#sockets) if (socket.data.identity.sessionId === sessionId) end(socket, reason)
  }
}

function end(socket: HubSocket, reason: string): void {
  socket.emit('session-ended', { reason })
  socket.disconnect(true)
}

/**
 * Ends who sends more than anybody needs, before it is known who that is: pings and wrong namespaces are answered, and the answers of
 * one who does not read fill the memory.
 */
function limitFrames({ transport }: EngineSocket): void {
  const { socket } = transport as unknown as {
    socket: { on(kind: string, heard: () => void): void; terminate(): void }
  }
  const bucket = new TokenBucket(frames.perSecond, frames.burst)
  for (const kind of ['message', 'ping', 'pong'] as const)
    socket.on(kind, () => {
      if (!bucket.take()) socket.terminate()
    })
}

/** Characters that the socket has not been able to send. */
function unreadOf({ conn }: HubSocket): number {
  const { writeBuffer } = conn as unknown as { writeBuffer: readonly { data?: unknown }[] }
  return writeBuffer.reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0)
}
