import type { Socket } from 'node:net'
import type { Connection } from '../commands/command.ts'
import { dispatch } from '../commands/dispatch.ts'
import { CloseConnection } from '../commands/fail-points.ts'
import type { Server } from '../commands/server.ts'
import { CommandError } from '../errors.ts'
import { FrameReader } from './frames.ts'
import { MAX_MESSAGE_SIZE, MESSAGE_TIMEOUT } from './limits.ts'
import { HEADER_SIZE, OP_MSG, OP_QUERY, parseInTurns, ProtocolError } from './message.ts'
import type { Request } from './message.ts'
import type { PendingBytes } from './pending-bytes.ts'
import { encodeReply } from './reply.ts'
import type { Reply } from './reply.ts'

/** Unanswered messages of one connection before it is read no further. */
const MAX_QUEUED = 64

/** Speaks the protocol on one socket: messages are answered one after the other, in the order they came. */
export class ConnectionHandler {
  private readonly server: Server
  private readonly socket: Socket
  private readonly connection: Connection
  private readonly pending: PendingBytes
  private readonly frames = new FrameReader()
  private readonly queue: Buffer[] = []
  private queuedBytes = 0
  private running = false
  /** When the first bytes of the unfinished message came. */
  private unfinishedSince = 0
  private counted = 0
  /** The client has sent all that it will. */
  private left = false

  constructor(server: Server, socket: Socket, connection: Connection, pending: PendingBytes) {
    this.server = server
    this.socket = socket
    this.connection = connection
    this.pending = pending
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.receive(chunk))
    socket.on('end', () => (this.left = true))
    socket.on('error', () => socket.destroy())
    socket.on('timeout', () => this.frames.pending > 0 && socket.destroy())
    socket.on('close', () => {
      this.account(0)
      connection.left = new CommandError(279, 'ClientDisconnect', 'the client has closed its connection')
      connection.gone?.(connection.left)
    })
  }

  private account(bytes: number): void {
    this.pending.adjust(bytes - this.counted)
    this.counted = bytes
  }

  private receive(chunk: Buffer): void {
    const unfinished = this.frames.pending > 0
    let messages: Buffer[]
    try {
      messages = this.frames.push(chunk)
    } catch (error) {
      this.fail(error)
      return
    }
    for (const message of messages) {
      this.queue.push(message)
      this.queuedBytes += message.length
    }
    this.account(this.frames.pending + this.queuedBytes)
    if (this.pending.exceeded && this.counted > this.pending.fairShare) this.socket.destroy()
    this.watchUnfinished(unfinished && messages.length === 0)
    if (this.queue.length > MAX_QUEUED || this.queuedBytes > MAX_MESSAGE_SIZE) this.pause()
    if (!this.running && this.queue.length > 0) void this.run()
  }

  /** Neither silence nor single bytes now and then hold a message open for longer than its time. */
  private watchUnfinished(same: boolean): void {
    if (this.frames.pending === 0) {
      if (same || this.socket.timeout) this.socket.setTimeout(0)
      return
    }
    if (!same) this.unfinishedSince = performance.now()
    else if (performance.now() - this.unfinishedSince > MESSAGE_TIMEOUT) this.socket.destroy()
    this.socket.setTimeout(MESSAGE_TIMEOUT)
  }

  /** What is not read waits with the client, in its own memory and time. */
  private pause(): void {
    this.socket.pause()
    this.socket.setTimeout(0)
  }

  private resumeIfPaused(): void {
    if (!this.socket.isPaused() || this.queue.length > MAX_QUEUED / 2 || this.queuedBytes > MAX_MESSAGE_SIZE) return
    if (this.frames.pending > 0) this.watchUnfinished(false)
    this.socket.resume()
  }

  private async run(): Promise<void> {
    this.running = true
    try {
      for (let message = this.queue.shift(); message && this.goesOn; message = this.queue.shift()) {
        this.queuedBytes -= message.length
        this.account(this.socket.destroyed ? 0 : this.frames.pending + this.queuedBytes)
        this.resumeIfPaused()
        await this.answer(message)
      }
    } catch (error) {
      this.fail(error)
    } finally {
      this.running = false
    }
  }

  /** What a client sent before it left is done, up to the first that wants an answer, which cannot be given. */
  private get goesOn(): boolean {
    return !this.socket.destroyed || this.left
  }

  private async answer(message: Buffer): Promise<void> {
    let request: Request
    try {
      request = await parseInTurns(message)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      await this.send(
        encodeReply(unreadable(message), { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName })
          .message,
      )
      return
    }
    const reply = await this.reply(request)
    if (request.moreToCome) return
    if (this.socket.destroyed) this.queue.length = 0
    const encoded = encodeReply(request, reply)
    await this.send(encoded.message)
  }

  private async reply(request: Request): Promise<Reply> {
    if (
      request.opCode === OP_QUERY &&
      !['hello', 'isMaster', 'ismaster'].includes(Object.keys(request.body)[0] ?? '')
    ) {
      return {
        ok: 0,
        errmsg: 'Unsupported OP_QUERY command: only hello and isMaster are served; the client driver may be too old',
        code: 352,
        codeName: 'UnsupportedOpQueryCommand',
      }
    }
    return dispatch(this.server, this.connection, request)
  }

  private async send(message: readonly Buffer[]): Promise<void> {
    for (const piece of message) if (!this.socket.destroyed && !this.socket.write(piece)) await this.drained()
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off('drain', done)
        this.socket.off('close', done)
        resolve()
      }
      this.socket.once('drain', done)
      this.socket.once('close', done)
    })
  }

  private fail(error: unknown): void {
    if (!(error instanceof ProtocolError || error instanceof CloseConnection))
      process.stderr.write(
        `embedded-db: connection ${this.connection.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      )
    this.socket.destroy()
  }
}

/** Enough of a request to answer one whose documents could not be read. */
function unreadable(message: Buffer): Request {
  return {
    requestId: message.readInt32LE(4),
    opCode: message.length > HEADER_SIZE && message.readInt32LE(12) === OP_QUERY ? OP_QUERY : OP_MSG,
    body: {},
    raw: Buffer.alloc(0),
    sequences: new Map(),
    moreToCome: false,
    exhaustAllowed: false,
  }
}
