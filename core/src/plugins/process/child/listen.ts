import { answerHeaders, cancelOnClose } from '@dcesop/sdk-plugin/http'
import { createServer, type Server, ServerResponse } from 'node:http'
import { adoptTraceId } from '../../../http/request-context.ts'
import { bindCall } from '../../generation/call.ts'
import type { ChildServer } from '../../generation/child-server.ts'
import { CallReader } from '../call-header.ts'

/** Room for the call beside everything that the host's own door lets in. */
const maxHeaderSize = 128 * 1024

/**
 * The host's to say, in each answer. Of the connection, too: hapi would close it over the rest of a refused body, and the host would
 * lose the answer.
 */
const hostSays = new Set(['connection', 'x-trace-id', ...answerHeaders.map(([name]) => name)])

/** An answer on its way to the host alone. */
class ToHost extends ServerResponse {
  override sendDate = false

  override setHeader(name: string, value: number | string | readonly string[]): this {
    return hostSays.has(name.toLowerCase()) ? this : super.setHeader(name, value)
  }
}

/** Listens on a Unix socket for requests that the host has let in; whoever else connects is refused. */
export async function listen(child: ChildServer, path: string, key: string): Promise<Server> {
  const reader = new CallReader(key)
  // The host has its own time limits; a connection of its that is closed here would cost a request.
  const limits = { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0, maxHeaderSize }
  const server = createServer({ ...limits, ServerResponse: ToHost })
  server.on('request', (request, response) => {
    const call = reader.take(request.headers)
    if (!call) return void response.writeHead(403).end()
    adoptTraceId(request, call.traceId)
    bindCall(request, { ...call, cancellation: cancelOnClose(response) })
    child.handle(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return server
}
