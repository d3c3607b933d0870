import { Problem } from '@dcesop/sdk-plugin'
import type { Log } from '../../ports.ts'
import { because } from '../journal/reasons.ts'
import type { Operations } from '../lifecycle/operations.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { FollowedChannels } from './followed-channels.ts'
import type { Planner, PlanStep } from './planner.ts'
import type { Releases } from './releases.ts'

export interface PluginVersion {
  readonly plugin: string
  readonly version: string
}

/** What the administrator confirmed. */
export interface InstallWish extends PluginVersion {
  readonly verb: 'install' | 'upgrade'
  /** Followed where it is changed. */
  readonly channel: string
  /** The other steps of the plan, as resolve showed them. */
  readonly with: readonly PluginVersion[]
  /** Starts the version once it is in the store; for example in one region, or for a cohort first. */
  start(): Promise<void>
}

export interface InstallerDeps {
  readonly planner: Planner
  readonly releases: Releases
  readonly channels: FollowedChannels
  readonly operations: Operations
  readonly parts: LifecycleParts
  readonly log: Log
}

/** Carries out plans: everything is verified before anything is changed, and a step that fails takes those before it back. */
export class Installer {
  readonly #deps: InstallerDeps

  constructor(deps: InstallerDeps) {
    this.#deps = deps
  }

  /** @returns what was put in, in order @throws Problem, of the planner, of a release, or of the step that failed */
  async change(wish: InstallWish): Promise<CatalogueEntry[]> {
    const steps = await this.#steps(wish)
    const entries: CatalogueEntry[] = []
    const { releases, channels } = this.#deps
    for (const { plugin, version } of steps) {
      const channel = plugin === wish.plugin ? wish.channel : await channels.of(plugin)
      entries.push(await releases.obtain(plugin, version, channel))
    }
    await this.#apply(steps, wish)
    return entries
  }

  /** What is to be done, and nothing that was not confirmed. */
  async #steps(wish: InstallWish): Promise<PluginVersion[]> {
    const { plugin, version, with: others } = wish
    const confirmed = [...others, { plugin, version }]
    const planned = await this.#planned(wish)
    // Without the registry there is no plan: the order is the administrator's, and the host's own resolver has the last word.
    if (!planned) return confirmed
    const open = planned.filter(
      (step) =>
        step.action === 'remove' ||
        !confirmed.some((one) => one.plugin === step.plugin && one.version === step.version),
    )
    if (open.length === 0) return planned
    const told = open.map((step) => `${step.action} "${step.plugin}" ${step.version}`).join(', ')
    throw new Problem(409, 'plan_differs', `The plan also has to ${told}. Confirm it with these in "with".`, {
      extensions: { steps: planned, unconfirmed: open },
    })
  }

  async #planned({ verb, plugin, version, channel }: InstallWish): Promise<PlanStep[] | undefined> {
    const installed = this.#deps.parts.slots.has(plugin)
    if (verb === 'install' && installed)
      throw new Problem(409, 'plugin_installed', `Plugin "${plugin}" is installed. Upgrade it to change its version.`)
    if (verb === 'upgrade' && !installed)
      throw new Problem(404, 'plugin_not_found', `Plugin "${plugin}" is not installed.`)
    const asked = { install: [{ plugin, range: version, channel }] }
    const plan = await this.#deps.planner.plan(asked).catch((error: unknown) => {
      const unavailable = error instanceof Problem && ['registry_missing', 'registry_unreachable'].includes(error.code)
      if (unavailable) return undefined
      throw error
    })
    if (!plan) return undefined
    if (plan.ok) return plan.steps.filter(({ action }) => action !== 'keep')
    // Why a version may not be had is said by what is signed, where it says so.
    await this.#deps.releases.obtain(plugin, version, channel)
    throw new Problem(409, 'plan_impossible', plan.conflict.map(({ text }) => text).join(' '), {
      extensions: { conflict: plan.conflict },
    })
  }

  async #apply(steps: readonly PluginVersion[], wish: InstallWish): Promise<void> {
    const { operations, parts } = this.#deps
    const undo: { plugin: string; run: () => Promise<void> }[] = []
    for (const { plugin, version } of steps) {
      const present = parts.slots.has(plugin)
      try {
        // A plugin that fails to start is installed all the same, and has to go again.
        if (!present) undo.push({ plugin, run: () => this.#remove(plugin) })
        if (plugin === wish.plugin) await wish.start()
        else await (present ? operations.upgrade(plugin, { version }) : operations.install(plugin, { version }))
        if (present) undo.push({ plugin, run: () => operations.rollback(plugin) })
      } catch (error) {
        throw await this.#takenBack(error, undo.reverse())
      }
    }
  }

  #remove(plugin: string): Promise<void> {
    return this.#deps.operations.uninstall(plugin, { why: because('plan_taken_back') })
  }

  /** The error, with what was taken back and what could not be. */
  async #takenBack(error: unknown, undo: readonly { plugin: string; run: () => Promise<void> }[]): Promise<unknown> {
    const [takenBack, left]: [string[], string[]] = [[], []]
    for (const { plugin, run } of undo) {
      try {
        await run()
        takenBack.push(plugin)
      } catch (cause) {
        left.push(plugin)
        this.#deps.log.error({ err: cause, plugin }, 'a step of a plan could not be taken back')
      }
    }
    if (!(error instanceof Problem)) return error
    const extensions = { ...error.options.extensions, takenBack, ...(left.length > 0 ? { left } : {}) }
    return new Problem(error.status, error.code, error.detail, { ...error.options, cause: error, extensions })
  }
}
