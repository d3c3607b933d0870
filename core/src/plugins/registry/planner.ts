import { Problem } from '@dcesop/sdk-plugin'
import type { EngineVersions } from '../host-types.ts'
import type { Cause } from '../journal/reasons.ts'
import type { RegistryClient } from './client.ts'
import { requireKnownChannel } from '../lifecycle/wish.ts'
import type { FollowedChannels } from './followed-channels.ts'
import type { RegistryHttp } from './http.ts'
import { asProblem } from './problems.ts'
import type { RegistrySettings } from './settings.ts'

interface WishedPlugin {
  readonly plugin: string
  readonly range?: string
  /** The least stable that an installation of it follows when left out. */
  readonly channel?: string
}

export interface Wish {
  readonly install?: readonly WishedPlugin[]
  readonly remove?: readonly string[]
}

export interface PlanStep {
  readonly action: 'keep' | 'install' | 'upgrade' | 'downgrade' | 'remove'
  readonly plugin: string
  readonly version: string
  readonly from: string | null
  readonly size?: number
}

/** A sentence of the registry's, and the same by its code; an older registry has only the sentence. */
export interface Objection {
  readonly rule: string
  readonly text: string
  readonly code?: string
  readonly params?: Cause['params']
}

/** The registry's answer. It decides nothing: each version of it is verified before it is installed. */
export type Plan =
  | {
      readonly ok: true
      readonly steps: readonly PlanStep[]
      readonly degraded: readonly { readonly plugin: string; readonly capability: string; readonly degrade: string }[]
      /** Installed here, and not of the registry. */
      readonly unknown: readonly string[]
    }
  | {
      readonly ok: false
      /** Sentences that together exclude every plan. */
      readonly conflict: readonly Objection[]
      readonly unknown: readonly string[]
    }

export interface InstalledVersion {
  readonly plugin: string
  readonly version: string
  /** Whether the registry has something against it. */
  readonly disputed: boolean
}

export interface PlannerDeps {
  readonly client: RegistryClient
  readonly settings: RegistrySettings
  readonly channels: FollowedChannels
  readonly engines: EngineVersions
  /** What runs and is of the registry. */
  installed(): readonly InstalledVersion[]
}

/** Asks the registry's resolver what a wish takes on this instance. */
export class Planner {
  readonly #deps: PlannerDeps

  constructor(deps: PlannerDeps) {
    this.#deps = deps
  }

  /** @throws Problem 400 for an unknown channel, 409 `registry_missing` without an address, 502 or 503 */
  async plan(wish: Wish): Promise<Plan> {
    const { http } = this.#deps.client
    if (!http) throw new Problem(409, 'registry_missing', 'This instance has no address of a registry to ask.')
    for (const { channel } of wish.install ?? []) requireKnownChannel(channel, this.#deps.channels.known)
    const installed = this.#deps.installed()
    const plan = await this.#ask(http, wish, installed)
    const undisputed = installed.filter(({ disputed }) => !disputed)
    if (plan.ok || undisputed.length === installed.length) return plan
    // A version that the registry will have gone one day, and has no successor, must not keep everything else from coming.
    return this.#ask(http, wish, undisputed)
  }

  async #ask(http: RegistryHttp, wish: Wish, present: readonly InstalledVersion[]): Promise<Plan> {
    const { settings, engines, channels } = this.#deps
    const { regions, channel } = settings
    const followed = await channels.all()
    const installed = present.map(({ plugin, version }) => ({
      ...{ plugin, version },
      ...another(followed.get(plugin)?.[0], channel),
    }))
    const install = (wish.install ?? []).map(({ channel: wanted, ...one }) => ({
      ...one,
      ...another(wanted ?? leastStable(followed.get(one.plugin) ?? [], channels.known), channel),
    }))
    const question = { instance: { ...engines, regions, installed }, wish: { ...wish, install }, channel }
    const { body } = await asProblem(() => http.json<Plan>('/-/dcesop/v1/resolve', { body: question }))
    if (isPlan(body)) return body
    throw new Problem(502, 'registry_declined', 'The registry answered a plan that this host does not understand.')
  }
}

/** An older registry knows no channel but the instance's, and is not told of what is the same. */
function another(channel: string | undefined, ofInstance: string): { readonly channel?: string } {
  return channel === undefined || channel === ofInstance ? {} : { channel }
}

/** Which place is meant is known when something is changed; a plan is for whoever may have it. @param order from the least stable */
function leastStable(channels: readonly string[], order: readonly string[]): string | undefined {
  return order.find((channel) => channels.includes(channel)) ?? channels[0]
}

function isPlan(value: unknown): value is Plan {
  const { ok, steps, conflict } = (value ?? {}) as Record<string, unknown>
  if (ok === true) return Array.isArray(steps) && steps.every(isStep)
  return ok === false && Array.isArray(conflict) && conflict.every(isObjection)
}

function isStep(value: unknown): boolean {
  const { action, plugin, version } = (value ?? {}) as Record<string, unknown>
  const known = ['keep', 'install', 'upgrade', 'downgrade', 'remove'].includes(action as string)
  return known && typeof version === 'string' && typeof plugin === 'string' && /^[a-z][a-z0-9-]{0,39}$/.test(plugin)
}

function isObjection(value: unknown): boolean {
  const { text, code, params } = (value ?? {}) as Record<string, unknown>
  if (typeof text !== 'string') return false
  if (code === undefined) return true
  return typeof code === 'string' && params instanceof Object && Object.values(params).every(isParam)
}

function isParam(value: unknown): boolean {
  const isText = (one: unknown) => typeof one === 'string'
  return isText(value) || typeof value === 'number' || (Array.isArray(value) && value.every(isText))
}
