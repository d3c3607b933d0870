export { type Disposable, DisposableStore, toDisposable } from './disposable.ts'
export type { Identity, RegionId } from './identity.ts'
export { notFound, Problem, type ProblemDetail, type ProblemOptions } from './problem.ts'
export type { AuditEntry, JsonSchema, PluginRequest, ResponseToolkit, RouteDefinition, RouteShapes } from './route.ts'
export type { DataPort, RegionData } from './data.ts'
export type {
  CapabilitiesPort,
  Clock,
  DomainEvent,
  EventsPort,
  JobsPort,
  Log,
  RealtimePort,
  SecretsPort,
} from './ports.ts'
export { definePlugin, type PluginContext, type PluginDefinition } from './plugin.ts'
