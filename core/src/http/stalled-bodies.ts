import type { IncomingMessage, Server, ServerResponse } from 'node:http'

interface Upload {
  readonly response: ServerResponse
  /** ms during which the host waited for bytes; time in which it did not want any does not count. */
  waitedMs: number
  /** Bytes of the connection when the upload began. */
  readonly from: number
}

const leastBytesPerSecond = 1024

/**
 * Closes bodies that do not arrive: after `patienceMs` of waiting at less than 1 KiB/s. Node's own `requestTimeout` counts the whole
 * time instead, so it would also end an upload that the host itself holds back because it is still storing what came before.
 * @param stalled answers and closes the connection
 */
export class StalledBodies {
  readonly #uploads = new Map<IncomingMessage, Upload>()
  readonly #patienceMs: number
  readonly #everyMs: number
  readonly #stalled: (request: IncomingMessage, response: ServerResponse) => void

  constructor(
    patienceMs: number,
    everyMs: number,
    stalled: (request: IncomingMessage, response: ServerResponse) => void,
  ) {
    this.#patienceMs = patienceMs
    this.#everyMs = everyMs
    this.#stalled = stalled
  }

  /** Looks at the uploads of a server until it closes. */
  watch(server: Server): void {
    const timer = setInterval(() => this.#look(), this.#everyMs)
    timer.unref()
    server.once('close', () => clearInterval(timer))
  }

  follow(request: IncomingMessage, response: ServerResponse): void {
    if (
      request.complete ||
      (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined)
    )
      return
    this.#uploads.set(request, { response, waitedMs: 0, from: request.socket.bytesRead })
    request.once('close', () => this.#uploads.delete(request))
  }

  #look(): void {
    for (const [request, upload] of this.#uploads) {
      if (request.complete) this.#uploads.delete(request)
      else if (request.readableLength === 0) this.#wait(request, upload)
    }
  }

  #wait(request: IncomingMessage, upload: Upload): void {
    upload.waitedMs += this.#everyMs
    const rate = ((request.socket.bytesRead - upload.from) / upload.waitedMs) * 1000
    if (upload.waitedMs < this.#patienceMs || rate >= leastBytesPerSecond) return
    this.#uploads.delete(request)
    this.#stalled(request, upload.response)
  }
}
