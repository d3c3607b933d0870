import { Container } from 'inversify'
import { join } from 'node:path'
import { Outbox } from '../events/outbox.ts'
import { JobScheduler } from '../jobs/job-scheduler.ts'
import { Leases } from '../jobs/leases.ts'
import type { AuditPort } from '../ports.ts'
import { AdminViews } from './administration/views.ts'
import { auditedEnds } from './canary/audited-ends.ts'
import { CanaryFigures } from './canary/canary-figures.ts'
import { CanaryWatch } from './canary/watch.ts'
import { AssetCache } from './feed/asset-cache.ts'
import { type FeedSigner, loadFeedSigner } from './feed/feed-key.ts'
import { FeedRevision } from './feed/revision.ts'
import { currentAttribution } from './generation/attribution.ts'
import { Capabilities } from './generation/capabilities.ts'
import { handles, type HostPorts } from './generation/handles.ts'
import { Leftovers } from './generation/leftovers.ts'
import { Topics } from './generation/topics.ts'
import type { PluginHostDeps, PluginStatus } from './host-types.ts'
import { DesiredStates } from './journal/desired.ts'
import { Journal } from './journal/journal.ts'
import { watchBreaker } from './lifecycle/degrade.ts'
import { Exclusive } from './lifecycle/exclusive.ts'
import { Operations } from './lifecycle/operations.ts'
import type { LifecycleParts } from './lifecycle/parts.ts'
import { Permissions } from './lifecycle/permissions.ts'
import { pluginConfig } from './lifecycle/plugin-config.ts'
import { RollbackWindows } from './lifecycle/rollback-window.ts'
import { Slot } from './lifecycle/slot.ts'
import { UiIncidents, type UiIncidentsDeps } from './incidents/ui-incidents.ts'
import { Enforcer } from './enforcement/enforcer.ts'
import { NoticedFindings } from './enforcement/noticed-findings.ts'
import { loadHostKey } from './feed/host-key.ts'
import { KillSwitch } from './kill-switch/kill-switch.ts'
import { nodeId } from './node-id.ts'
import { giveUp } from './process/give-up.ts'
import { noPolicy } from './process/isolation.ts'
import { ProcessTier } from './process/process-tier.ts'
import { openReporter, type OpenReporter } from './reports/open-reporter.ts'
import { RangeFollower } from './registry/follow-ranges.ts'
import { openRegistry } from './registry/open-registry.ts'
import { WaitingVersions } from './registry/waiting-versions.ts'
import type { Registry } from './registry/registry.ts'
import { Follower } from './hosts/follow.ts'
import { Nodes } from './hosts/nodes.ts'
import { SharedStore } from './hosts/shared-store.ts'
import { hidingLog } from './secrets/hidden.ts'
import { Secrets } from './secrets/secrets.ts'
import { BootRecord, defaultSafeModeRules } from './safe-mode/boot-record.ts'
import { SafeMode } from './safe-mode/safe-mode.ts'
import { PluginSettings } from './settings/plugin-settings.ts'
import { Catalogue } from './store/catalogue.ts'
import { NotSwappable } from './store/not-swappable.ts'

/** The plugin host's parts, wired. */
export interface Assembly {
  readonly parts: LifecycleParts
  readonly operations: Operations
  readonly exclusive: Exclusive
  readonly canaries: CanaryWatch
  readonly registry: Registry | undefined
  /** Undefined where nothing is reported. */
  readonly reports: OpenReporter | undefined
  readonly killSwitch: KillSwitch
  readonly enforcer: Enforcer
  readonly ranges: RangeFollower
  readonly windows: RollbackWindows
  readonly safeMode: SafeMode
  readonly follower: Follower
  readonly incidents: UiIncidents
  readonly views: AdminViews
  readonly assets: AssetCache
  readonly revision: FeedRevision
  readonly signer: FeedSigner
  readonly outbox: Outbox
  newSlot(plugin: string, version: string): Slot
  status(): readonly PluginStatus[]
  /** Indexes that the host's own collections need. */
  prepare(): Promise<void>
  shutDown(): Promise<void>
}

export async function assembleHost(deps: PluginHostDeps, folder: string): Promise<Assembly> {
  const { data, clock, realtime, policy } = deps
  const secrets = new Secrets({ file: deps.secretsFile ?? null, audit: deps.audit, log: deps.log })
  const log = hidingLog(deps.log, secrets.hide)
  const audit: AuditPort = { append: (record) => deps.audit.append(secrets.hide(record)) }
  const node = await nodeId(folder)
  const shared = deps.sharedClock ?? clock
  const leases = new Leases(data.core, node, shared)
  const outbox = new Outbox(data, clock)
  const slots = new Map<string, Slot>()
  const notSwappable = new NotSwappable(data.core, clock, log)
  const failed = (plugin: string) => slots.get(plugin)?.charge(currentAttribution()?.version)
  const ports: HostPorts = {
    data,
    events: { outbox, leases, log, failed },
    jobs: new JobScheduler(leases, log, failed),
    topics: new Topics(realtime),
    capabilities: new Capabilities(),
    leftovers: new Leftovers(deps.leftoversMs ?? defaultLeftoversMs, (key, left) => notSwappable.mark(key, left)),
    audit,
    secrets,
    clock,
    log,
    processes: new ProcessTier(
      deps.isolation ?? noPolicy,
      log,
      (key, why) => void giveUp(parts, exclusive, ends, key, why),
      deps.mostEnds,
    ),
  }
  const container = new Container()
  container.bind(handles.clock).toConstantValue(clock)
  const revision = new FeedRevision(data.core)
  const store = new SharedStore(join(folder, 'store'), data.core)
  const catalogue = new Catalogue(data.core)
  const enabled = new Map<string, boolean>()
  const desired = new DesiredStates(data.core, (state) => enabled.set(state.plugin, state.enabled))
  const exclusive = new Exclusive(leases, (plugin, token) => desired.fence(plugin, token), deps.leaseMs)
  const parts: LifecycleParts = {
    store,
    catalogue,
    journal: new Journal(data.core, clock),
    desired,
    leases,
    figures: new CanaryFigures(data.core, node),
    nodes: new Nodes(data.core, node, shared, deps.hostSilenceMs),
    ports,
    container,
    engines: deps.engines,
    permissions: new Permissions(policy),
    policy,
    clock,
    log,
    slots,
    settings: new PluginSettings(data.core, clock),
    hostConfigOf: (plugin) => deps.pluginConfig?.[plugin],
    configOf: (manifest, settings) =>
      pluginConfig(manifest, {
        host: deps.pluginConfig?.[manifest.id],
        settings,
        secrets: secrets.ofConfig(manifest),
      }),
    channels: () => registry?.channels.known ?? [],
    barrierOf: (entry) => enforcer.barrierOf(entry),
    async changed() {
      realtime.broadcast('feed-changed', { revision: await revision.next() })
    },
  }
  const newSlot = (plugin: string, version: string): Slot => {
    const slot: Slot = new Slot(
      plugin,
      version,
      () => clock.now(),
      (isDegraded) => watchBreaker(parts, exclusive, slot, isDegraded),
    )
    return slot
  }
  const observe: UiIncidentsDeps['observe'] = async (sample, identity, quarantined) => {
    deps.observeUiIncident?.(sample)
    // Only who gets a version can say how it does.
    const serving = slots.get(sample.plugin)?.servingFor(identity)
    if (serving?.generation.key.version !== sample.version) return
    serving.meter?.uiError()
    if (quarantined) await reports?.reporter.screensFailed(serving.generation.key)
  }
  const incidents = new UiIncidents({ log, clock, catalogue, observe })
  const status = () => [...slots.values()].map((slot) => statusOf(slot, enabled.get(slot.id) ?? true))
  const operations = new Operations(parts, exclusive, newSlot)
  const registry = await openRegistry(deps, folder, { parts, operations })
  const reports = openReporter(registry, parts)
  const killSwitch = new KillSwitch(data.core, clock, await loadHostKey(join(folder, 'kill-key.pem')))
  const noticed = new NoticedFindings(data.core)
  const enforcer = new Enforcer({ parts, exclusive, operations, killSwitch, registry, noticed, audit })
  const waiting = new WaitingVersions(data.core)
  const ranges = new RangeFollower({ parts, operations, registry, waiting, audit })
  const record = await BootRecord.open(join(folder, 'boot-record.json'), clock)
  const safeMode = new SafeMode(parts, exclusive, record, { ...defaultSafeModeRules, ...deps.safeMode })
  const ends = auditedEnds(operations, audit)
  const canaries = new CanaryWatch(parts, parts.figures, ends)
  return {
    parts,
    operations,
    exclusive,
    canaries,
    registry,
    reports,
    killSwitch,
    enforcer,
    ranges,
    windows: new RollbackWindows(parts, exclusive),
    safeMode,
    follower: new Follower(parts, exclusive, newSlot),
    incidents,
    views: new AdminViews({
      parts,
      incidents,
      canaries,
      safeMode,
      registry,
      waiting,
      reporter: reports?.reporter,
      notSwappable,
      status,
    }),
    assets: new AssetCache(store, catalogue),
    revision,
    signer: await loadFeedSigner(join(folder, 'feed-key.pem')),
    outbox,
    newSlot,
    status,
    async prepare() {
      await parts.journal.prepare()
      await catalogue.prepare()
      await killSwitch.prepare()
      await outbox.prepare()
      await reports?.prepare()
    },
    async shutDown() {
      const active = [...slots.values()].flatMap((slot) => [
        ...slot.generations,
        ...(slot.prepared ? [slot.prepared] : []),
      ])
      for (const slot of slots.values()) slot.close()
      // Background work first, everywhere: nothing new begins while requests finish.
      await Promise.all(active.map((generation) => generation.pause()))
      await Promise.all(active.map((generation) => generation.drain()))
      for (const generation of active.reverse()) await generation.stop()
      ports.processes.close()
      await parts.permissions.dispose()
    },
  }
}

/** Connections that Node keeps alive for the next request end after five seconds. */
const defaultLeftoversMs = 10_000

function statusOf({ id, version, state, since, why }: Slot, enabled: boolean): PluginStatus {
  return { id, version, state, enabled, since: since.toISOString(), ...(why && { reason: why.reason }) }
}
