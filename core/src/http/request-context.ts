import type { Identity } from '@dcesop/sdk-plugin'
import { randomFillSync } from 'node:crypto'
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

/** A member that nothing in a request can name; a WeakMap of all requests costs several times as much. */
const context = Symbol('what the host knows about it')

type Known = IncomingMessage & { [context]?: RequestContext }

const idBytes = 16
/** Drawn ahead: one system call for many requests. */
const pool = Buffer.alloc(256 * idBytes)
let drawn = pool.length

function newTraceId(): string {
  if (drawn === pool.length) drawn = randomFillSync(pool).length - pool.length
  return pool.toString('hex', drawn, (drawn += idBytes))
}

/** The context of a raw request; made on first use. */
export function contextOf(raw: IncomingMessage): RequestContext {
  return ((raw as Known)[context] ??= { traceId: newTraceId(), startedAt: performance.now() })
}

/** Gives a raw request the trace id that another process of the host drew for it. */
export function adoptTraceId(raw: IncomingMessage, traceId: string): void {
  ;(raw as Known)[context] = { traceId, startedAt: performance.now() }
}
