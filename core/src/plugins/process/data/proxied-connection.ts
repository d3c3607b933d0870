import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { bodyOf, refusalOf } from './check-command.ts'
import type { DataProxyParts } from './data-proxy.ts'
import { connectUpstream, type ServerFacts } from './upstream.ts'
import { answerTo, type Command, messageLength, mostMessageBytes, readCommand } from './wire.ts'

const unauthorized = 13
const sessionMinutes = 30
/** Kept for one plugin while its messages arrive, over all its connections. */
const mostHeldBytes = 64 * 1024 * 1024

/** Bytes that a plugin's connections keep at the moment. */
export interface Held {
  bytes: number
}

/** One connection of a plugin's driver, and the one to the server that its allowed messages go to. */
export class ProxiedConnection {
  readonly #socket: Socket
  readonly #parts: DataProxyParts
  readonly #facts: ServerFacts
  readonly #held: Held
  #pieces: Buffer[] = []
  #length = 0
  #greeted = false
  #upstream: Duplex | undefined

  constructor(socket: Socket, parts: DataProxyParts, facts: ServerFacts, held: Held) {
    this.#socket = socket
    this.#parts = parts
    this.#facts = facts
    this.#held = held
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      this.#keep(0)
      this.#upstream?.destroy()
    })
    socket.on('data', (chunk: Buffer) => {
      this.#pieces.push(chunk)
      this.#keep(this.#length + chunk.length)
      void this.#forward()
    })
  }

  /** Reading waits while messages are on their way: so what is kept stays below one message. */
  async #forward(): Promise<void> {
    this.#socket.pause()
    try {
      if (this.#held.bytes > mostHeldBytes) throw new Error('The plugin sends more at the same time than is kept.')
      for (let message = this.#next(); message; message = this.#next()) await this.#take(message)
      this.#socket.resume()
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'a data connection of the plugin was closed')
      this.#socket.destroy()
    }
  }

  #next(): Buffer | undefined {
    if (this.#pieces.length > 1 && this.#mayBeWhole()) this.#pieces = [Buffer.concat(this.#pieces)]
    const [buffer] = this.#pieces
    const length = buffer && messageLength(buffer)
    if (!buffer || length === undefined || buffer.length < length) return undefined
    const rest = buffer.subarray(length)
    this.#pieces = rest.length > 0 ? [rest] : []
    this.#keep(rest.length)
    return buffer.subarray(0, length)
  }

  #keep(length: number): void {
    const kept = this.#socket.destroyed ? 0 : length
    this.#held.bytes += kept - this.#length
    this.#length = kept
  }

  /** Pieces are joined when they could make a message, and when there are many: each costs memory of its own. */
  #mayBeWhole(): boolean {
    const [first] = this.#pieces as [Buffer]
    const wanted = first.length < 4 ? 4 : (messageLength(first) ?? mostMessageBytes)
    return this.#length >= wanted || this.#pieces.length > 1024
  }

  async #take(message: Buffer): Promise<void> {
    const command = readCommand(message)
    const body = bodyOf(command)
    if (['hello', 'isMaster', 'ismaster'].includes(body.name)) return this.#greet(command, body.members)
    if (!this.#greeted || command.legacy) throw new Error('It did not greet with its key first.')
    const refusal = refusalOf(body, command, this.#parts.scope, this.#parts.now())
    if (refusal === undefined) return this.#send(message)
    const errmsg = `Plugin "${this.#parts.scope.plugin}" may not use ${refusal}.`
    this.#parts.log.warn({ command: body.name }, errmsg)
    if (!command.silent) this.#answer(command, { ok: 0, errmsg, code: unauthorized, codeName: 'Unauthorized' })
  }

  /** The server behind is not shown: the driver sees one primary, and asks again every ten seconds. */
  #greet(command: Command, members: Readonly<Record<string, unknown>>): void {
    const client = members['client'] as { application?: { name?: unknown } } | undefined
    this.#greeted ||= client?.application?.name === this.#parts.key
    const { minWireVersion, maxWireVersion } = this.#facts
    const self = 'dcesop:27017'
    this.#answer(command, {
      helloOk: true,
      ismaster: true,
      isWritablePrimary: true,
      secondary: false,
      setName: 'dcesop',
      hosts: [self],
      me: self,
      primary: self,
      maxBsonObjectSize: 16 * 1024 * 1024,
      maxMessageSizeBytes: mostMessageBytes,
      maxWriteBatchSize: 100_000,
      localTime: this.#parts.now(),
      logicalSessionTimeoutMinutes: sessionMinutes,
      minWireVersion,
      maxWireVersion,
      readOnly: false,
      ok: 1,
    })
  }

  #answer(command: Command, document: object): void {
    this.#socket.write(answerTo(command, document))
  }

  async #send(message: Buffer): Promise<void> {
    const upstream = (this.#upstream ??= await this.#connect())
    if (!upstream.write(message)) await new Promise((resolve) => upstream.once('drain', resolve).once('close', resolve))
  }

  async #connect(): Promise<Duplex> {
    const upstream = await connectUpstream(this.#parts.core)
    if (this.#socket.destroyed) upstream.destroy()
    upstream.on('error', () => this.#socket.destroy())
    upstream.once('close', () => this.#socket.destroy())
    upstream.pipe(this.#socket)
    return upstream
  }
}
