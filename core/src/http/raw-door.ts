import type { Problem } from '@dcesop/sdk-plugin'
import { headProblem } from '@dcesop/sdk-plugin/http'
import { Router } from '@hapi/call'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Log, RawRoutes } from '../ports.ts'
import { inOrder } from './in-order.ts'
import { answerProblem, sendProblem } from './raw-problem.ts'
import { Turns } from './turns.ts'

/** hapi's own rules for what a path is, so that both doors read an address alike. */
const router = new Router()

/**
 * Splits what arrives: paths below the raw routes' prefix go there, everything else to the listener that is returned, which
 * never listens and has hapi behind it.
 * @param refusal answers a request in place of both
 */
export function splitListener(
  listener: Server,
  raw: RawRoutes | undefined,
  log: Log,
  refusal?: (request: IncomingMessage) => Problem | undefined,
  turns = new Turns(),
): Server {
  const inner = createServer()
  listener.on('connection', () => turns.connected())
  for (const event of ['request', 'checkContinue'] as const) {
    const begin = (request: IncomingMessage, response: ServerResponse, refused = refusal?.(request)) => {
      // The client left while it waited, and nobody is told of that any more.
      if (response.closed) return
      if (refused) return sendProblem(request, response, refused)
      const path = raw && rawPath(request.url ?? '', raw.prefix)
      if (raw === undefined || path === undefined) return void inner.emit(event, request, response)
      raw
        .handle(request, response, { path, expectsContinue: event === 'checkContinue' })
        .catch((thrown: unknown) => answerProblem(request, response, thrown, log))
    }
    listener.on(event, (request: IncomingMessage, response: ServerResponse) => {
      request.url = originForm(request.url ?? '')
      const wrong = headProblem(request)
      if (!wrong)
        return inOrder(request, response, () => turns.begin(request, (refused) => begin(request, response, refused)))
      // What comes after it on this connection may be a part of it.
      response.shouldKeepAlive = false
      sendProblem(request, response, wrong)
    })
  }
  return inner
}

/** As a proxy may send it (RFC 9112, 3.2.2): a server that has one name takes what comes after the name. */
function originForm(url: string): string {
  const name = /^https?:\/\/[^/?#]*/i.exec(url)?.[0]
  if (name === undefined) return url
  const rest = url.slice(name.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** The normalised path without its query, when it is below the prefix. */
function rawPath(url: string, prefix: string): string | undefined {
  if (!url.startsWith(prefix)) return undefined
  const end = url.search(/[?#]/)
  const path = router.normalize(end === -1 ? url : url.slice(0, end))
  return path.startsWith(prefix) ? path : undefined
}
