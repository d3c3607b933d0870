import { Problem } from '@dcesop/sdk-plugin'
import { finishAnswer, pluginServerOptions } from '@dcesop/sdk-plugin/http'
import Hapi, { type Server, type ServerRoute } from '@hapi/hapi'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { applyProblems } from '../../http/problem-response.ts'
import type { Log } from '../../ports.ts'
import { callOf } from './call.ts'

/** A hapi server that never listens: it is handed raw requests. */
export interface ChildServer {
  readonly server: Server
  handle(request: IncomingMessage, response: ServerResponse): void
}

/**
 * Started although it never listens: without `start` every answer would close its connection. `cleanStop` is off because hapi's
 * own socket tracking fails on a listener that never listened; the host counts requests itself.
 */
export async function createChildServer(routes: readonly ServerRoute[], log: Log): Promise<ChildServer> {
  const listener = createServer()
  const server = Hapi.server({
    listener,
    autoListen: false,
    operations: { cleanStop: false },
    ...pluginServerOptions,
  })
  applyProblems(server, log)
  server.ext('onPreResponse', (request, h) => {
    const { response } = request
    if (response instanceof Error)
      throw new Problem(500, 'internal_error', 'Something failed on our side.', { cause: response })
    finishAnswer(request, response, callOf(request.raw.req).traceId)
    return h.continue
  })
  server.route([...routes])
  await server.start()
  return { server, handle: (request, response) => void listener.emit('request', request, response) }
}
