import type { Server } from '@hapi/hapi'
import type { AuditEntry, Clock, Disposable, Identity, Log, RegionId } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Establishes who makes a raw request (session cookie or bearer token); undefined when nobody is signed in. */
export interface Authenticator {
  /** @param activity whether this request counts as the person's activity */
  authenticate(request: IncomingMessage, options: { activity: boolean }): Promise<Identity | undefined>
}

/** A permission with the region in which it is used; `region` is omitted for platform-wide permissions. */
export interface AccessRequest {
  readonly permission: string
  readonly region?: RegionId
}

/** Why not, as it goes on record: without the permission, or with it in other regions only. */
export type RefusalReason = 'permission' | 'region'

/** What the policy says of one request. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: RefusalReason }

/** The one policy table's answer. */
export interface PolicyPort {
  decide(identity: Identity, request: AccessRequest): Decision
  /**
   * Adds permissions that a plugin defines, with the roles that its manifest suggests, unless the table already rules them.
   * @param standsIn of a build in development: what is installed rules before it
   */
  define(owner: string, permissions: readonly PermissionDefinition[], standsIn?: boolean): Disposable
}

export interface PermissionDefinition {
  readonly id: string
  readonly labelKey: string
  readonly sensitivity: 'high' | 'moderate' | 'low'
  readonly defaultRoles: readonly string[]
}

/** Who did what to which record, when, from where, with which outcome. */
export interface AuditRecord extends AuditEntry {
  readonly actor: { subject: string; kind: Identity['kind'] | 'anonymous' | 'system'; sessionId?: string }
  readonly outcome: 'allowed' | 'denied' | 'failed'
  readonly traceId?: string
  /** Network address of the client, behind trusted proxies too (Marco Civil art. 15 has it kept with the time of a sign-in). */
  readonly address?: string
  /** Plugin on whose behalf, if any. */
  readonly plugin?: string
}

/** Append-only and durable before it resolves. */
export interface AuditPort {
  append(record: AuditRecord): Promise<void>
}

/** Grants of re-authentication, bound to operation and parameters. */
export interface StepUpPort {
  /** Uses up the grant. @throws Problem 403 `step_up_required` when there is none. */
  require(identity: Identity, operation: string, parameters: Readonly<Record<string, unknown>>): Promise<void>
}

/** mongoose connections: one database for the platform, one for each region. */
export interface DataPlatform {
  readonly core: Connection
  readonly regions: readonly RegionId[]
  region(id: RegionId): Connection
}

/** Realtime server side: what a plugin generation's RealtimePort is made of. */
export interface RealtimeHub {
  /** @param options.record action under which each subscription is on record, its key as the resource; the topic begins with its plugin */
  declare(topic: string, options: { permission: string; replay: number; record?: string }): Disposable
  publish(topic: string, message: { region: RegionId; key: string; payload: unknown }): void
  subscribers(topic: string, region: RegionId, key: string): number
  subscribedKeys(topic: string, region: RegionId): string[]
  authorize(topic: string, check: (identity: Identity, region: RegionId, key: string) => Promise<boolean>): Disposable
  /** To every signed-in socket, for example that the UI feed changed. */
  broadcast(event: string, payload: unknown): void
}

/** A part of the process that readiness is asked of. */
export interface ReadinessProbe {
  readonly name: string
  check(): Promise<{ ready: boolean; detail?: Readonly<Record<string, unknown>> }>
}

/** A module that adds routes to the core server; the front door applies authentication, policy and problem+json around them. */
export interface CoreRoutes {
  register(server: Server): void | Promise<void>
}

/**
 * Requests below a path that do not take hapi's way: a pass through hapi costs more than all that the host does for a plugin's
 * request. What they throw is answered as problem+json.
 */
export interface RawRoutes {
  /** Ends with a slash. */
  readonly prefix: string
  /** @param arrival.path normalised as hapi does, without the query; `expectsContinue` when the client waits for 100 before its body */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    arrival: { readonly path: string; readonly expectsContinue: boolean },
  ): Promise<void>
}

export type { AuditEntry, Clock, Identity, Log }
