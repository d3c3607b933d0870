import { Problem } from '@dcesop/sdk-plugin'
import type { CanaryWatch } from '../canary/watch.ts'
import type { PluginStatus } from '../host-types.ts'
import type { UiIncidents } from '../incidents/ui-incidents.ts'
import type { DesiredState, DesiredStates } from '../journal/desired.ts'
import type { Journal, JournalRow } from '../journal/journal.ts'
import type { Cause } from '../journal/reasons.ts'
import { runningDependants } from '../lifecycle/dependants.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { revisionOf } from '../lifecycle/seen.ts'
import type { Trial } from '../lifecycle/slot.ts'
import { windowEnd } from '../lifecycle/rollback-window.ts'
import { MigrationRecords } from '../migrations/records.ts'
import type { Reporter, ReportStatus } from '../reports/reporter.ts'
import type { Registry } from '../registry/registry.ts'
import type { WaitingHere, WaitingVersions } from '../registry/waiting-versions.ts'
import type { SafeMode } from '../safe-mode/safe-mode.ts'
import { resolve } from '../resolver/resolve.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { NotSwappable } from '../store/not-swappable.ts'
import { healthView } from './health-view.ts'
import { nodeView } from './node-view.ts'
import { PackageSizes } from './package-sizes.ts'
import { packageView } from './package-view.ts'
import { evidenceFor } from './regional-evidence.ts'
import { regionView, waitingView, wishView } from './region-view.ts'
import { PluginTitles } from './titles.ts'

export interface ViewParts {
  readonly parts: LifecycleParts
  readonly incidents: UiIncidents
  readonly canaries: CanaryWatch
  readonly safeMode: SafeMode
  readonly registry: Registry | undefined
  readonly waiting: WaitingVersions
  readonly reporter: Reporter | undefined
  readonly notSwappable: NotSwappable
  status(): readonly PluginStatus[]
}

/** By digest, what packages leave behind when they are stopped. */
type LeftBehind = Awaited<ReturnType<NotSwappable['all']>>

/** What the administration shows. */
export class AdminViews {
  readonly #parts: LifecycleParts
  readonly #titles: PluginTitles
  readonly #sizes: PackageSizes
  readonly #incidents: UiIncidents
  readonly #canaries: CanaryWatch
  readonly #safeMode: SafeMode
  readonly #registry: Registry | undefined
  readonly #waiting: WaitingVersions
  readonly #reporter: Reporter | undefined
  readonly #notSwappable: NotSwappable
  readonly #status: () => readonly PluginStatus[]

  constructor({ parts, incidents, canaries, safeMode, registry, waiting, reporter, notSwappable, status }: ViewParts) {
    this.#parts = parts
    this.#titles = new PluginTitles(parts.store)
    this.#sizes = new PackageSizes(parts.store)
    this.#incidents = incidents
    this.#canaries = canaries
    this.#safeMode = safeMode
    this.#registry = registry
    this.#waiting = waiting
    this.#reporter = reporter
    this.#notSwappable = notSwappable
    this.#status = status
  }

  /** @param regions whose part is told */
  async list(regions: readonly string[]) {
    const left = await this.#notSwappable.all()
    const packages = await this.#packages(left, regions)
    const desired = new Map((await this.#desired.all()).map((state) => [state.plugin, state]))
    const waiting = await this.#waiting.all()
    const plugins = await Promise.all(
      this.#status().map(async (status) => ({
        ...status,
        causes: this.#causes(status.id),
        ...(await this.#summary(desired.get(status.id), regions, left, waiting)),
      })),
    )
    return { safeMode: this.#safeMode.report, plugins, packages, registry: this.#registry?.client.status() ?? null }
  }

  /** How the registry stands, and what it has against installed plugins. */
  async registry() {
    if (!this.#registry) return { configured: false, findings: [] }
    const wanted = (await this.#desired.all()).map(({ digest }) => digest)
    const served = [...this.#parts.slots.values()].flatMap(({ generations }) =>
      generations.map(({ key }) => key.digest),
    )
    const digests = [...new Set([...wanted, ...served])]
    const entries = await Promise.all(digests.map((digest) => this.#parts.catalogue.byDigest(digest)))
    const findings = entries.flatMap((entry) => (entry && this.#registry?.findingAbout(entry)) ?? [])
    return { configured: true, ...this.#registry.client.status(), findings }
  }

  /** @param regions whose part is told @throws Problem 404 */
  async one(id: string, regions: readonly string[]) {
    const status = this.#status().find((plugin) => plugin.id === id)
    const desired = await this.#desired.get(id)
    if (!status || !desired) throw new Problem(404, 'plugin_not_found', `Plugin "${id}" is not installed.`)
    const entry = await this.#parts.catalogue.byDigest(desired.digest)
    const slot = this.#parts.slots.get(id)
    const waiting = await this.#waiting.all()
    const { provides = {}, consumes = [] } = entry?.manifest ?? {}
    const versions = (await this.#packages(await this.#notSwappable.all(), regions)).filter((one) => one.id === id)
    return {
      ...status,
      revision: revisionOf(desired),
      causes: this.#causes(id),
      desired: {
        version: desired.version,
        enabled: desired.enabled,
        configRevision: desired.configRevision,
        since: desired.since.toISOString(),
        ...wishView(desired),
        waiting: waitingView(waiting, desired),
      },
      channels: this.#channels(),
      previous: desired.previous?.version ?? null,
      regions: this.#regions(desired, regions, waiting),
      rollbackUntil: windowEnd(desired)?.toISOString() ?? null,
      migrations: await this.#migrations(id, regions),
      nodes: (await this.#parts.nodes.live()).map((row) => nodeView(row, desired, this.#parts.ports.data.regions)),
      provides,
      consumes,
      dependants: runningDependants(this.#parts, id),
      degradations: this.#degradations(id),
      requestsInFlight: slot?.active?.requestsInFlight ?? 0,
      health: healthView(slot),
      canary: slot ? await this.#canaries.report(slot) : null,
      uiIncidents: this.#incidents.of(id),
      evidence: evidenceFor(entry?.evidence, regions),
      finding: (entry && this.#registry?.findingAbout(entry)) ?? null,
      versions,
    }
  }

  /** @param regions whose approvals are told @throws Problem 404 */
  async journal(id: string, regions: readonly string[]) {
    const rows = await this.#journal.of(id)
    if (rows.length === 0) throw new Problem(404, 'plugin_not_found', `Nothing is recorded about a plugin "${id}".`)
    const reports = await this.#reporter?.statusOf(rows)
    return { transitions: rows.map((row) => rowView(row, reports?.get(row._id), regions)) }
  }

  async #packages(left: LeftBehind, regions: readonly string[]) {
    return Promise.all((await this.#parts.catalogue.list()).map((entry) => this.#package(entry, left, regions)))
  }

  async #package(entry: CatalogueEntry, left: LeftBehind, regions: readonly string[]) {
    return packageView(entry, left.get(entry.digest), await this.#sizes.of(entry.digest), regions)
  }

  /** Of the state that is shown, beside its sentence. */
  #causes(id: string): readonly Cause[] {
    return this.#parts.slots.get(id)?.why?.causes ?? []
  }

  get #desired(): DesiredStates {
    return this.#parts.desired
  }

  get #journal(): Journal {
    return this.#parts.journal
  }

  /** What a list shows beside the state. */
  async #summary(
    desired: DesiredState | undefined,
    regions: readonly string[],
    left: LeftBehind,
    waiting: readonly WaitingHere[],
  ) {
    if (!desired) return {}
    const { plugin, digest, previous } = desired
    const entry = await this.#parts.catalogue.byDigest(digest)
    const trial = this.#parts.slots.get(plugin)?.trial
    return {
      regions: this.#regions(desired, regions, waiting),
      previous: previous?.version ?? null,
      title: entry ? await this.#titles.of(entry) : {},
      owner: entry?.manifest.support.owner ?? null,
      package: entry ? await this.#package(entry, left, regions) : null,
      canary: trial ? trialView(trial) : null,
      uiIncidents: this.#incidents.of(plugin),
      health: healthView(this.#parts.slots.get(plugin)),
      finding: (entry && this.#registry?.findingAbout(entry)) ?? null,
    }
  }

  /** Those of the registry, and which of them is followed where nobody said otherwise; null without a registry. */
  #channels() {
    const { channels } = this.#registry ?? {}
    return channels ? { followed: channels.ofInstance, known: channels.known } : null
  }

  #regions(desired: DesiredState, regions: readonly string[], waiting: readonly WaitingHere[]) {
    const slot = this.#parts.slots.get(desired.plugin)
    const all = this.#parts.ports.data.regions.filter((region) => regions.includes(region))
    return all.map((region) => ({
      ...regionView(region, desired, slot),
      waiting: waitingView(waiting, desired, region),
    }))
  }

  /** By region, in the order of their numbers. */
  async #migrations(id: string, regions: readonly string[]) {
    const { data } = this.#parts.ports
    const byRegion = data.regions
      .filter((region) => regions.includes(region))
      .map(async (region) =>
        (await new MigrationRecords(data.region(region), id).all()).map(({ name, state, version, at, error }) => ({
          region,
          name,
          state,
          version,
          at: at.toISOString(),
          error: error ?? null,
        })),
      )
    return (await Promise.all(byRegion)).flat()
  }

  #degradations(id: string) {
    const manifests = [...this.#parts.slots.values()].flatMap(({ active }) => (active ? [active.manifest] : []))
    const candidates = new Map(manifests.map((manifest) => [manifest.id, manifest]))
    return resolve(candidates, [...candidates.keys()], this.#parts.engines).degradations.filter(
      ({ plugin }) => plugin === id,
    )
  }
}

/** @param report of it to its publisher, where there is one @param regions whose approvals are told */
function rowView(row: JournalRow, report: ReportStatus | undefined, regions: readonly string[]) {
  const { sequence, version, from, to, at, token, reason, causes, configRevision, evidence } = row
  return {
    sequence,
    version,
    configRevision,
    from,
    to,
    at: at.toISOString(),
    token,
    reason: reason ?? null,
    causes: causes ?? [],
    evidence: evidenceFor(evidence, regions),
    report: report ?? null,
  }
}

/** What is on trial, and for how many; null where it is for regions or named people. */
function trialView({ serving, startedAt, spec: { cohort } }: Trial) {
  const percent = 'percent' in cohort ? cohort.percent : null
  return { version: serving.generation.key.version, since: startedAt.toISOString(), percent }
}
