import type { IncomingMessage } from 'node:http'

const longestMs = 5000

/** Reads what is left of a refused body, for a while: closing over unread bytes resets the connection, and the answer is lost. */
export function readAway(request: IncomingMessage): Promise<void> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  const nothing = length === undefined && encoding === undefined
  if (nothing || request.complete || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, longestMs)
    function done() {
      clearTimeout(timer)
      resolve()
    }
    request.once('end', done).once('close', done).once('error', done)
    request.resume()
  })
}
