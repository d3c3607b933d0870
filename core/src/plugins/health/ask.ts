import type { Identity } from '@dcesop/sdk-plugin'
import { Cancellation } from '@dcesop/sdk-plugin/http'
import { createServer, request as httpRequest } from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'
import { contextOf } from '../../http/request-context.ts'
import type { Generation } from '../generation/generation.ts'

/** Who asks: nobody with any right. */
const host: Identity = {
  subject: 'plugin-host',
  kind: 'machine',
  displayName: 'plugin host',
  roles: [],
  permissions: new Set(),
  regions: [],
  locale: 'en',
  sessionId: '',
}

/**
 * Asks a generation by a GET of the host's own, over a connection that has no address: nobody else can make such a request.
 * @returns the status of the answer; undefined when there was none in time
 */
export function ask(generation: Generation, path: string, limitMs: number): Promise<number | undefined> {
  const [near, far] = duplexPair() as [Duplex, Duplex]
  const server = createServer((request, response) => {
    const cancellation = new Cancellation()
    const { traceId } = Object.assign(contextOf(request), { identity: host, plugin: generation.key.plugin, route: url })
    const gone = generation.accept(response)
    response.once('close', () => {
      gone()
      if (!response.writableFinished) cancellation.cancel(new Error('The host does not wait any longer.'))
    })
    generation.handle(request, response, { identity: host, traceId, cancellation })
  })
  const url = `/api/plugins/${generation.key.plugin}${path}`
  server.emit('connection', far)
  return new Promise((resolve) => {
    const end = (status?: number) => {
      clearTimeout(timer)
      near.destroy()
      far.destroy()
      resolve(status)
    }
    const timer = setTimeout(() => end(), limitMs)
    httpRequest({
      createConnection: () => near,
      method: 'GET',
      path: url,
      headers: { host: 'plugin-host' },
    })
      .on('error', () => end())
      .on('response', (answer) => {
        answer.resume().on('error', () => end())
        answer.once('end', () => end(answer.statusCode))
      })
      .end()
  })
}
