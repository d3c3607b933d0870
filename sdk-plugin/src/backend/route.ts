import type { Lifecycle, Request, ResponseToolkit, Server } from '@hapi/hapi'
import type { Identity } from './identity.ts'

/** A JSON Schema 2020-12 object. Object schemas that validate input must say `additionalProperties: false`. */
export type JsonSchema = Readonly<Record<string, unknown>>

export interface RouteShapes {
  Params?: unknown
  Query?: unknown
  /** `Readable` (node:stream) when the manifest marks the route `streaming`. */
  Payload?: unknown
}

/** hapi's request with the validated shapes, and what the host adds. */
export type PluginRequest<S extends RouteShapes = RouteShapes> = Omit<Request, 'params' | 'query' | 'payload'> & {
  readonly params: S['Params']
  readonly query: S['Query']
  readonly payload: S['Payload']
  readonly identity: Identity
  /** Aborted when the client goes away or the route's time limit passes. */
  readonly signal: AbortSignal
  /** Id that names this request in logs, audit records and error cards. */
  readonly traceId: string
  /** Adds a customer-data access to the append-only audit record; awaits durability. */
  audit(entry: AuditEntry): Promise<void>
}

/** What happened to whose data and why. Values of personal fields must not be put here. */
export interface AuditEntry {
  /** Verb with noun, for example `customer.view`, `customer.reveal`, `diagnosis.run`. */
  readonly action: string
  readonly region?: string
  /** Opaque id of the customer or record. */
  readonly resource?: string
  readonly reason?: string
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

/**
 * One HTTP route of a plugin, below `/api/plugins/<id>`. Permission, size, time limit, idempotency and streaming are declared
 * in the manifest under the same method and path: a difference between the two refuses the plugin's start.
 */
export interface RouteDefinition<S extends RouteShapes = RouteShapes> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** hapi path without the prefix, for example `/customers/{id}`. */
  readonly path: string
  /** One sentence for the OpenAPI document. */
  readonly summary: string
  readonly params?: JsonSchema
  /** Query values are coerced from text. */
  readonly query?: JsonSchema
  readonly body?: JsonSchema
  /** Answers by status code, for the OpenAPI document and the contract tests. */
  readonly responses?: Readonly<Record<number, JsonSchema>>
  handler(request: PluginRequest<S>, h: ResponseToolkit): Lifecycle.ReturnValue | Promise<Lifecycle.ReturnValue>
}

export type { ResponseToolkit, Server }
