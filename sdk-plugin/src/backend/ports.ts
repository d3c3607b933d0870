import type { ClientSession } from 'mongodb'
import type { Disposable } from './disposable.ts'
import type { Identity, RegionId } from './identity.ts'

/** Structured log already bound to plugin id, version and trace id. Never put personal data in it. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** The only source of time for rules, so that tests can set it. */
export interface Clock {
  now(): Date
}

/** A fact that happened in one region, on a versioned topic such as `customers.service-changed/v1`. */
export interface DomainEvent<P = unknown> {
  readonly id: string
  readonly topic: string
  readonly region: RegionId
  /** Aggregate that orders the events, for example a customer id. */
  readonly key: string
  readonly at: string
  readonly payload: P
}

/** At-least-once events between plugins. Topics must be declared in the manifest. */
export interface EventsPort {
  /** Stores the event durably (in the given transaction, if any) before it resolves. */
  publish<P>(event: Omit<DomainEvent<P>, 'id' | 'at'>, options?: { session?: ClientSession }): Promise<void>
  /** The handler is called again after a failure, with back-off; it must be idempotent by `event.id`. */
  subscribe<P>(topic: string, handler: (event: DomainEvent<P>) => Promise<void>): Disposable
}

/** Pushes to browsers over one socket. Topic names are `<plugin id>.<name>` plus a key; declared in the manifest under `realtime`. */
export interface RealtimePort {
  /** Delivers to every socket that subscribed to (topic, region, key); kept for replay after a reconnect. */
  publish(topic: string, message: { region: RegionId; key: string; payload: unknown }): void
  /** How many sockets listen on (topic, region, key) on this node now. */
  subscribers(topic: string, region: RegionId, key: string): number
  /** Keys with at least one listener on this node. */
  subscribedKeys(topic: string, region: RegionId): string[]
  /** Called before a socket may join; default is the permission of the topic in the manifest plus the identity's regions. */
  authorize(topic: string, check: (identity: Identity, region: RegionId, key: string) => Promise<boolean>): Disposable
}

/** Background work of this generation; stopped before the generation is. Runs on one node at a time (lease per job name). */
export interface JobsPort {
  /** First run after `everyMs`; a run never overlaps itself; a throw is logged, counted and attributed. */
  every(name: string, everyMs: number, run: (signal: AbortSignal) => Promise<void>): Disposable
}

/** Plugins meet through capabilities, never by name. */
export interface CapabilitiesPort {
  /** Offers an implementation of a capability that the manifest lists under `provides`. Methods are async. */
  provide<T extends object>(capability: string, implementation: T): Disposable
  /**
   * A handle that follows the provider through upgrades. Must be listed under `consumes`.
   * A call while no provider is active rejects with Problem 503 `capability_unavailable`.
   */
  consume<T extends object>(capability: string): T & { readonly available: boolean }
}

/** Secrets that the operator gave to this plugin, for example the key of a partner's interface. */
export interface SecretsPort {
  /**
   * The value as it is now. Ask at each use instead of keeping it, so that a replaced one is taken. Each use is in the audit log,
   * the value never is.
   * @param name listed in the manifest under `permissions.requests` as `secrets:use`
   * @throws Problem 503 `secret_unavailable` when the operator has given none of this name
   */
  use(name: string): Promise<string>
}
