import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Somebody between a host and its registry. */
export interface MeddlingProxy {
  readonly url: string
  /** Nothing gets through any more. */
  down: boolean
  /** Changes what comes back, or does something before that; undefined lets it pass. */
  meddle: ((path: string, body: Buffer) => Buffer | undefined | Promise<undefined>) | undefined
  stop(): Promise<void>
}

/** @param target origin of the registry */
export async function startMeddlingProxy(target: string): Promise<MeddlingProxy> {
  const server = createServer((request, response) => {
    if (proxy.down) return void request.socket.destroy()
    forward(target, request)
      .then(async (answer) => {
        const body = Buffer.from(await answer.arrayBuffer())
        const etag = answer.headers.get('etag')
        const type = answer.headers.get('content-type')
        const other = await proxy.meddle?.(request.url ?? '', body)
        const headers = { ...(etag ? { etag } : {}), ...(type ? { 'content-type': type } : {}) }
        response.writeHead(other ? 200 : answer.status, headers)
        response.end(other ?? body)
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: MeddlingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    down: false,
    meddle: undefined,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

async function forward(target: string, request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const kept = ['accept', 'authorization', 'content-type', 'if-none-match'] as const
  const headers = kept.flatMap((name) => (request.headers[name] ? [[name, String(request.headers[name])]] : []))
  return fetch(target + (request.url ?? ''), {
    method: request.method ?? 'GET',
    headers: Object.fromEntries(headers) as Record<string, string>,
    ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
  })
}
