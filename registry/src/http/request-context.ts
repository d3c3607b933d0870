import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Caller } from '../identity/caller.ts'

export interface RequestContext {
  /** 32 hex characters, also sent as `X-Trace-Id`. */
  readonly traceId: string
  caller?: Caller
  /** Who waited with the body was told to send it. */
  isBodyAsked?: boolean
}

const contexts = new WeakMap<IncomingMessage, RequestContext>()

/** What the registry knows about one request; made on first use. */
export function contextOf(raw: IncomingMessage): RequestContext {
  const known = contexts.get(raw)
  if (known) return known
  const context: RequestContext = { traceId: randomUUID().replaceAll('-', '') }
  contexts.set(raw, context)
  return context
}
