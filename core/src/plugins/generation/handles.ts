import type {
  CapabilitiesPort,
  Clock,
  DataPort,
  EventsPort,
  Identity,
  JobsPort,
  Log,
  RealtimePort,
  SecretsPort,
} from '@dcesop/sdk-plugin'
import { scopedData, type ScopedData } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { Container, type ServiceIdentifier } from 'inversify'
import type { ConsumerParts } from '../../events/consumer.ts'
import type { JobScheduler } from '../../jobs/job-scheduler.ts'
import type { AuditPort, DataPlatform } from '../../ports.ts'
import { Activation } from './activation.ts'
import { currentAttribution, databaseComment } from './attribution.ts'
import { bindLog } from './bind-log.ts'
import type { Capabilities } from './capabilities.ts'
import type { Leftovers } from './leftovers.ts'
import { scopedEvents } from './scoped-events.ts'
import { scopedJobs } from './scoped-jobs.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { ProcessTier } from '../process/process-tier.ts'
import type { Topics } from './topics.ts'

/** Ports of the host from which every generation's handles are cut. */
export interface HostPorts {
  readonly data: DataPlatform
  readonly events: ConsumerParts
  readonly jobs: JobScheduler
  readonly topics: Topics
  readonly capabilities: Capabilities
  readonly audit: AuditPort
  readonly secrets: Secrets
  readonly clock: Clock
  readonly log: Log
  /** Of generations in this process. */
  readonly leftovers: Leftovers
  /** Runs generations in processes of their own. */
  readonly processes: ProcessTier
}

/** Service identifiers of the scoped handles in a generation's container. */
export const handles = {
  log: Symbol.for('dcesop.log') as ServiceIdentifier<Log>,
  clock: Symbol.for('dcesop.clock') as ServiceIdentifier<Clock>,
  data: Symbol.for('dcesop.data') as ServiceIdentifier<DataPort>,
  events: Symbol.for('dcesop.events') as ServiceIdentifier<EventsPort>,
  jobs: Symbol.for('dcesop.jobs') as ServiceIdentifier<JobsPort>,
  realtime: Symbol.for('dcesop.realtime') as ServiceIdentifier<RealtimePort>,
  capabilities: Symbol.for('dcesop.capabilities') as ServiceIdentifier<CapabilitiesPort>,
  secrets: Symbol.for('dcesop.secrets') as ServiceIdentifier<SecretsPort>,
} as const

/** A generation's child container with what the host keeps of it. */
export interface Scope {
  readonly container: Container
  readonly activation: Activation
  readonly data: ScopedData
  readonly implementations: Map<string, object>
  readonly checks: Map<string, (identity: Identity, region: string, key: string) => Promise<boolean>>
}

/** Cuts the handles of one generation: bound to its id, version, regions, and to what its manifest declares. */
export function createScope(parent: Container, ports: HostPorts, manifest: PluginManifest): Scope {
  const container = new Container({ parent })
  const activation = new Activation()
  const data = scopedData(ports.data, manifest, () => databaseComment(manifest))
  const implementations: Scope['implementations'] = new Map()
  const checks: Scope['checks'] = new Map()
  container.bind(handles.log).toConstantValue(bindLog(ports.log, { plugin: manifest.id, version: manifest.version }))
  container
    .bind(handles.data)
    .toConstantValue(data.port)
    .onDeactivation(() => data.dispose())
  container
    .bind(handles.events)
    .toConstantValue(scopedEvents(manifest, ports.events, activation))
    .onDeactivation(() => activation.end())
  container.bind(handles.jobs).toConstantValue(scopedJobs(manifest, ports.jobs, activation))
  container.bind(handles.realtime).toConstantValue(ports.topics.port(manifest, checks))
  container.bind(handles.capabilities).toConstantValue(ports.capabilities.port(manifest, implementations))
  container
    .bind(handles.secrets)
    .toConstantValue({ use: (name) => ports.secrets.use(manifest, name, currentAttribution()?.call) })
  return { container, activation, data, implementations, checks }
}
