import type { Identity } from '@dcesop/sdk-plugin'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { HttpConfig } from '../../config/config.ts'
import { Strangers } from '../../audit/strangers.ts'
import { createLog } from '../../observability/log.ts'
import { RequestMetrics } from '../../observability/request-metrics.ts'
import type { AuditRecord, CoreRoutes } from '../../ports.ts'
import { addRoute, identityOf } from '../core-route.ts'
import { FrontDoor } from '../front-door.ts'
import { RateLimits } from '../rate-limits.ts'
import { shellRoutes } from '../static-shell.ts'

const agent: Identity = {
  subject: 'a1',
  kind: 'employee',
  displayName: 'A',
  roles: ['agent'],
  permissions: new Set(['notes:write']),
  regions: ['br'],
  locale: 'es',
  sessionId: 's1',
}
export const feedKey = { kty: 'OKP', crv: 'Ed25519', x: '<"&>' }
/** What plugins have the page reach; a spec may change it. */
export const pageSources = { connect: [] as string[], img: [] as string[], font: [] as string[] }
export const audited: AuditRecord[] = []
export const handed: unknown[] = []

const notes: CoreRoutes = {
  register(server) {
    addRoute<{ Params: { id: number }; Payload: unknown }>(server, {
      method: 'PUT',
      path: '/api/notes/{id}',
      summary: 'Keeps a note.',
      access: { permission: 'notes:write' },
      maxBytes: 1024,
      params: {
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: { id: { type: 'integer' } },
      },
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['text'],
        properties: { text: { type: 'string' } },
      },
      handler(request) {
        handed.push([identityOf(request).subject, request.params.id, request.payload])
        return { kept: true }
      },
    })
    for (const [path, pauseMs] of [
      ['/api/upload', 0],
      ['/api/upload-slowly', 2000],
    ] as const) {
      addRoute<{ Payload: Readable }>(server, {
        method: 'POST',
        path,
        summary: 'Reads a long body.',
        access: 'public',
        payload: 'stream',
        maxBytes: 1_000_000,
        async handler(request) {
          await new Promise((resolve) => setTimeout(resolve, pauseMs))
          let bytes = 0
          for await (const chunk of request.payload) bytes += (chunk as Buffer).length
          return { bytes }
        },
      })
    }
    addRoute(server, {
      method: 'GET',
      path: '/api/secret',
      summary: 'Secret.',
      access: { permission: 'secrets:read' },
      handler: () => 'x',
    })
    addRoute(server, {
      method: 'GET',
      path: '/api/hangs',
      summary: 'Waits for what does not come.',
      access: 'public',
      timeoutMs: 20,
      handler: () => new Promise(() => undefined),
    })
    addRoute(server, {
      method: 'GET',
      path: '/api/broken',
      summary: 'Throws.',
      access: 'public',
      handler() {
        throw new Error('connect mongodb://user:pw@db failed')
      },
    })
  },
}

/** Refuses with 429 after three calls in a minute. */
function limited(limits: RateLimits): CoreRoutes {
  return {
    register: (server) =>
      addRoute(server, {
        method: 'POST',
        path: '/api/limited',
        summary: 'Few.',
        access: 'public',
        handler: (request) => limits.signIn(request.raw.req).then(() => 'ok'),
      }),
  }
}

export interface TestDoor {
  readonly url: string
  /** Writes bytes and waits until the server closes. */
  raw(bytes: string, meanwhile?: (socket: Socket) => void): Promise<string>
  stop(): Promise<void>
}

/** A front door with short limits, a few routes and a stub for who calls: `x-test-user` or any bearer token is an agent. */
export async function startTestDoor(
  change: Partial<HttpConfig> = {},
  more: readonly CoreRoutes[] = [],
): Promise<TestDoor> {
  const shell = mkdtempSync(join(tmpdir(), 'dcesop-shell-'))
  // Long enough to be worth packing.
  const page = `<!doctype html><title>shell</title><meta name="dcesop-feed-key" content="" />${' '.repeat(2000)}`
  writeFileSync(join(shell, 'index.html'), page)
  writeFileSync(join(shell, '.stamp'), 'of the build')
  writeFileSync(join(shell, 'index.html.br'), brotliCompressSync(page))
  writeFileSync(join(shell, 'index.html.gz'), gzipSync(page))
  writeFileSync(join(shell, 'main.0123abcd.js'), 'export {}')
  writeFileSync(join(shell, 'main.0123abcd.js.br'), brotliCompressSync('export { packed }'))
  const config: HttpConfig = {
    host: '127.0.0.1',
    port: 0,
    publicOrigin: null,
    trustedProxies: [],
    headersTimeoutMs: 3000,
    bodyTimeoutMs: 3000,
    connectionsCheckingIntervalMs: 100,
    keepAliveTimeoutMs: 5000,
    maxHeaderBytes: 8192,
    drainMs: 2000,
    shellDirectory: shell,
    docsDirectory: null,
    limits: {
      requestsPerMinutePerIdentity: 100_000,
      requestsPerMinutePerAddress: 100_000,
      signInsPerMinutePerAddress: 3,
      connectionsPerAddress: 100,
    },
    ...change,
  }
  const limits = new RateLimits(config.limits)
  const audit = { append: async (record: AuditRecord) => void audited.push(record) }
  const door = await FrontDoor.create({
    config,
    log: createLog('silent'),
    metrics: new RequestMetrics(() => []),
    limits,
    audit,
    strangers: new Strangers(audit),
    policy: {
      decide: (identity, { permission }) =>
        identity.permissions.has(permission) ? { allowed: true } : { allowed: false, reason: 'permission' },
      define: () => ({ dispose: () => undefined }),
    },
    authenticator: {
      authenticate: async ({ headers }) => (headers['x-test-user'] || headers.authorization ? agent : undefined),
    },
    routes: [notes, limited(limits), ...more, shellRoutes(shell, feedKey, () => pageSources)],
  })
  const port = await door.listen()
  return {
    url: `http://127.0.0.1:${port}`,
    raw: (bytes, meanwhile) => exchange(port, bytes, meanwhile),
    async stop() {
      await door.drain()
      rmSync(shell, { recursive: true })
    },
  }
}

function exchange(port: number, bytes: string, meanwhile?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      meanwhile?.(socket)
    })
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
}
