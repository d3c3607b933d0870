import type { IncomingMessage, Server, ServerResponse } from 'node:http'

interface Upload {
  readonly response: ServerResponse
  /** ms during which bytes were wanted; time in which none were does not count. */
  waitedMs: number
  /** Bytes of the connection when the upload began. */
  readonly from: number
}

const leastBytesPerSecond = 1024

/**
 * Ends requests whose body does not arrive: after `patienceMs` of waiting at less than 1 KiB/s. Node's own `requestTimeout` counts the
 * whole time instead, so it would also end an upload that is held back because what came before is still being stored.
 * @param stalled answers and closes the connection
 * @returns watches a request from now on
 */
export function watchBodies(
  server: Server,
  patienceMs: number,
  everyMs: number,
  stalled: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  const uploads = new Map<IncomingMessage, Upload>()
  const look = () => {
    for (const [request, upload] of uploads) {
      if (request.complete) uploads.delete(request)
      if (request.complete || request.readableLength > 0) continue
      upload.waitedMs += everyMs
      const bytesPerSecond = ((request.socket.bytesRead - upload.from) / upload.waitedMs) * 1000
      if (upload.waitedMs < patienceMs || bytesPerSecond >= leastBytesPerSecond) continue
      uploads.delete(request)
      stalled(request, upload.response)
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))
  return (request, response) => {
    const { complete, headers } = request
    if (complete || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)) return
    uploads.set(request, { response, waitedMs: 0, from: request.socket.bytesRead })
    request.once('close', () => uploads.delete(request))
  }
}
