import type { IncomingMessage, Server } from 'node:http'

interface Upload {
  waitedMs: number
  /** Bytes of the connection when the upload began. */
  readonly from: number
}

const leastBytesPerSecond = 1024

/**
 * Ends requests whose body does not arrive: after `patienceMs` of waiting at less than 1 KiB/s. Time in which the registry did
 * not want bytes does not count, which Node's own `requestTimeout` does not distinguish.
 * @param stalled answers and closes the connection
 */
export function watchBodies(
  server: Server,
  patienceMs: number,
  everyMs: number,
  stalled: (request: IncomingMessage) => void,
): (request: IncomingMessage) => void {
  const uploads = new Map<IncomingMessage, Upload>()
  const timer = setInterval(() => {
    for (const [request, upload] of uploads) {
      if (request.complete || request.readableLength > 0) continue
      upload.waitedMs += everyMs
      const bytesPerSecond = ((request.socket.bytesRead - upload.from) / upload.waitedMs) * 1000
      if (upload.waitedMs < patienceMs || bytesPerSecond >= leastBytesPerSecond) continue
      uploads.delete(request)
      stalled(request)
    }
  }, everyMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))
  return (request) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
    if (length === undefined && encoding === undefined) return
    uploads.set(request, { waitedMs: 0, from: request.socket.bytesRead })
    request.once('close', () => uploads.delete(request))
  }
}
