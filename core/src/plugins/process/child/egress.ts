import { type IncomingMessage, request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { egressHeaders } from '../egress-header.ts'

/** Makes `fetch` ask the host, which calls the hosts that the plugin was granted. There is no other way out. */
export function useEgress(socketPath: string, key: string): void {
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const headers = {
      ...Object.fromEntries(request.headers),
      [egressHeaders.url]: request.url,
      [egressHeaders.key]: key,
    }
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const { method, signal } = request
      const outgoing = httpRequest({ socketPath, method, path: '/', headers, signal }, resolve)
      outgoing.on('error', (cause) => reject(new TypeError('fetch failed', { cause })))
      if (request.body) Readable.fromWeb(request.body as ReadableStream).pipe(outgoing)
      else outgoing.end()
    })
    const { statusCode: status = 502, statusMessage: statusText = '' } = incoming
    const hasBody = request.method !== 'HEAD' && ![204, 205, 304].includes(status)
    // Node's two types of the same stream.
    const body = hasBody ? (Readable.toWeb(incoming) as unknown as globalThis.ReadableStream) : null
    return new Response(body, { status, statusText, headers: answerHeaders(incoming) })
  }
}

function answerHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string)
  return headers
}
