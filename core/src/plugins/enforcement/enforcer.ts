import { Problem } from '@dcesop/sdk-plugin'
import pLimit from 'p-limit'
import type { AuditPort } from '../../ports.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, together } from '../journal/reasons.ts'
import type { KillSwitch } from '../kill-switch/kill-switch.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import type { Operations } from '../lifecycle/operations.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { noteWithdrawn, quarantine, withdrawHere } from '../lifecycle/quarantine.ts'
import { type Finding, reasonOfFinding } from '../registry/findings.ts'
import type { Registry } from '../registry/registry.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { NoticedFindings } from './noticed-findings.ts'

export interface EnforcerDeps {
  readonly parts: LifecycleParts
  readonly exclusive: Exclusive
  readonly operations: Operations
  readonly killSwitch: KillSwitch
  readonly registry: Registry | undefined
  readonly noticed: NoticedFindings
  readonly audit: AuditPort
}

interface Cut {
  readonly entry: CatalogueEntry
  readonly keys: readonly GenerationKey[]
  readonly why: Reason
}

const actor = { subject: 'plugin-host', kind: 'system' } as const

/** Holds what serves against the kill switch and the registry's present word, and acts. */
export class Enforcer {
  readonly #deps: EnforcerDeps
  readonly #oneByOne = pLimit(1)
  /** Killed while another host held them: they serve here no longer, and have no rows yet. */
  readonly #cut = new Map<string, Cut>()
  #withdrawn: readonly CatalogueEntry[] | undefined

  constructor(deps: EnforcerDeps) {
    this.#deps = deps
  }

  /** Why a package must not start. */
  async barrierOf(entry: CatalogueEntry): Promise<Reason | undefined> {
    const killed = await this.#deps.killSwitch.barrierOf(entry)
    if (killed !== undefined) return killed
    const finding = this.#deps.registry?.findingAbout(entry)
    return finding?.due ? reasonOfFinding(finding) : undefined
  }

  /**
   * Packages of which nothing may be seen any more either: killed by order, or withdrawn for security. Others that must not run go
   * from screens when the person agrees, like any version before. As the last round found them, since everybody asks at once after a
   * change, and each round that finds others is one.
   */
  async withdrawn(): Promise<readonly CatalogueEntry[]> {
    return this.#withdrawn ?? this.#findWithdrawn()
  }

  async #findWithdrawn(): Promise<CatalogueEntry[]> {
    const { parts, killSwitch, registry } = this.#deps
    if (!registry && !(await killSwitch.isUsed())) return []
    const barrierOf = await killSwitch.barriers()
    return (await parts.catalogue.list()).filter((entry) => {
      const finding = registry?.findingAbout(entry)
      return (finding?.due && finding.class === 'security') || barrierOf(entry) !== undefined
    })
  }

  /** One round over everything that serves. A plugin that is being changed is met in the next one. */
  async run(): Promise<void> {
    await this.refuseKilled()
    await this.#oneByOne(() => this.#round())
  }

  /**
   * Requests reach nothing that is killed by now, whatever is being changed meanwhile: it is stopped when that has ended. What was
   * released they reach again.
   */
  async refuseKilled(): Promise<void> {
    const barrierOf = await this.#deps.killSwitch.barriers()
    for (const slot of this.#deps.parts.slots.values()) slot.refuses = (one) => barrierOf(one) !== undefined
  }

  async #round(): Promise<void> {
    const { parts, exclusive, killSwitch, registry } = this.#deps
    await this.#tellWithdrawn()
    await this.#noteCut()
    if (!registry && !(await killSwitch.isUsed())) return
    for (const slot of [...parts.slots.values()]) {
      if (slot.trial) await this.#endTrial(slot.trial.serving.generation.key)
      // Regions may have versions of their own.
      for (const digest of new Set(slot.generations.map(({ key }) => key.digest))) {
        const entry = await parts.catalogue.byDigest(digest)
        if (!entry) continue
        const finding = registry?.findingAbout(entry)
        if (finding) await this.#notice(finding)
        if (exclusive.isBusy(slot.id) || (await this.barrierOf(entry)) === undefined) continue
        await this.#stopServing(entry, finding, slot.active?.key.digest === digest)
      }
    }
  }

  /** Tabs keep the version that they have: of one that is withdrawn they hear, also when nothing serves it. */
  async #tellWithdrawn(): Promise<void> {
    const before = digestsOf(this.#withdrawn ?? [])
    this.#withdrawn = await this.#findWithdrawn()
    if (digestsOf(this.#withdrawn) === before) return
    await this.#deps.parts.changed()
  }

  /** A canary that must not run ends as one that failed does: everybody gets the version before. */
  async #endTrial({ plugin, version, digest }: GenerationKey): Promise<void> {
    const { parts, operations } = this.#deps
    const entry = await parts.catalogue.byDigest(digest)
    const barrier = entry && (await this.barrierOf(entry))
    if (barrier === undefined) return
    try {
      await operations.rollback(plugin, barrier)
      await this.#audit('plugin.rollback', plugin, { version, reason: barrier.reason })
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'plugin_busy') throw error
    }
  }

  /** @param replaceable whether most regions have it; a region's own version is chosen by its administrators */
  async #stopServing(entry: CatalogueEntry, finding: Finding | undefined, replaceable: boolean): Promise<void> {
    const { parts, killSwitch, registry } = this.#deps
    const { id, version } = entry.manifest
    const killed = await killSwitch.barrierOf(entry)
    try {
      if (killed === undefined && finding && registry && replaceable) {
        const outcome = await registry.replace(entry)
        const details = { from: version, rule: finding.rule, reason: finding.reason }
        if ('put' in outcome) return await this.#audit('plugin.upgrade', id, { ...details, ...putIn(outcome.put) })
        await this.#quarantine(entry, together(' ', reasonOfFinding(finding), outcome.why))
      } else await this.#quarantine(entry, killed ?? (await this.barrierOf(entry)) ?? because('must_not_run'))
    } catch (error) {
      // Another change of it is under way, here or on another node: it is met again in the next round.
      if (error instanceof Problem && error.code === 'plugin_busy') {
        if (killed !== undefined) await this.#cutOff(entry, killed)
        return
      }
      parts.log.error({ err: error, plugin: id, version }, 'a plugin that must not run could not be stopped')
    }
  }

  /** What is killed does not go on because the host that holds its lease is gone. */
  async #cutOff(entry: CatalogueEntry, why: Reason): Promise<void> {
    const { parts, exclusive } = this.#deps
    const keys = await withdrawHere(parts, exclusive, entry.manifest.id, why, entry.digest)
    if (keys.length > 0) this.#cut.set(entry.digest, { entry, keys, why })
  }

  async #noteCut(): Promise<void> {
    for (const [digest, cut] of this.#cut) {
      try {
        await this.#note(cut)
      } catch (error) {
        if (error instanceof Problem && error.code === 'plugin_busy') continue
        throw error
      }
      this.#cut.delete(digest)
    }
  }

  async #note({ entry, keys, why }: Cut): Promise<void> {
    const { parts, exclusive, killSwitch } = this.#deps
    const { id: plugin, version } = entry.manifest
    // Released meanwhile: it is brought back instead.
    if ((await killSwitch.barrierOf(entry)) === undefined) return void exclusive.unsettled.add(plugin)
    await noteWithdrawn(parts, exclusive, { plugin, keys, why })
    await this.#audit('plugin.quarantine', plugin, { version, reason: why.reason })
  }

  async #quarantine({ digest, manifest: { id, version } }: CatalogueEntry, why: Reason): Promise<void> {
    const { parts, exclusive } = this.#deps
    const causes = why.causes && { causes: JSON.stringify(why.causes) }
    // At once: a host may be ended while it waits for what is in flight.
    const record = () => this.#audit('plugin.quarantine', id, { version, reason: why.reason, ...causes })
    await quarantine(parts, exclusive, id, why, digest, record)
  }

  async #notice(finding: Finding): Promise<void> {
    if (!(await this.#deps.noticed.isNew(finding))) return
    const { plugin, version, rule, reason, deadline, reaction, snapshot } = finding
    const details = { version, rule, class: finding.class ?? '', reason, deadline: deadline ?? '', reaction, snapshot }
    await this.#audit('plugin.registry.finding', plugin, details)
    this.#deps.parts.log.warn({ plugin, ...details }, 'the registry speaks against an installed version')
  }

  #audit(action: string, resource: string, details: Record<string, string | number>): Promise<void> {
    return this.#deps.audit.append({ action, resource, outcome: 'allowed', actor, details })
  }
}

function putIn({ manifest: { version }, evidence }: CatalogueEntry) {
  return { version, evidence: JSON.stringify(evidence ?? null) }
}

function digestsOf(entries: readonly CatalogueEntry[]): string {
  return entries.map(({ digest }) => digest).join()
}
