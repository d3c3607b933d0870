import type { Identity } from '@dcesop/sdk-plugin'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What the host knows about one raw request; shared by core routes, dispatch and metrics without any forgeable header. */
export interface RequestContext {
  /** 32 hex characters, also sent as `X-Trace-Id`. */
  readonly traceId: string
  /** `performance.now()` at arrival, ms. */
  readonly startedAt: number
  /** Set once the request was authenticated. */
  identity?: Identity
  /** Route template for metrics, for example `/api/plugins/customers/customers/{id}`; a dispatcher overrides the core's. */
  route?: string
  /** Plugin that served the request, for metrics. */
  plugin?: string
}

const contexts = new WeakMap<IncomingMessage, RequestContext>()

/** The context of a raw request; made on first use. */
export function contextOf(raw: IncomingMessage): RequestContext {
  const known = contexts.get(raw)
  if (known) return known
  // Node draws UUIDs from a pool: one system call for many requests.
  const context: RequestContext = { traceId: randomUUID().replaceAll('-', ''), startedAt: performance.now() }
  contexts.set(raw, context)
  return context
}
