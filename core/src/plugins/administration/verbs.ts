import { Problem } from '@dcesop/sdk-plugin'
import type { Json } from '@dcesop/sdk-plugin/host'
import { seenText } from '@dcesop/sdk-plugin/http'
import { canaryBody, type CanaryRequest, canarySpec } from '../canary/spec.ts'
import { because } from '../journal/reasons.ts'
import type { Operations } from '../lifecycle/operations.ts'
import { channel } from './schemas.ts'

/** Bodies of the verbs, each already checked by its schema. */
export interface VerbBody {
  readonly version?: string
  readonly canary?: CanaryRequest
  readonly cascade?: boolean
  /** One region only; all that have no state of their own when left out. */
  readonly region?: string
  readonly acceptNoRollback?: boolean
  readonly reason?: string
  /** Fetches and verifies the version first; without it the version is in the store. */
  readonly from?: 'registry'
  /** Takes away what the plugin has stored; `confirm` has to be its id. */
  readonly dropData?: true
  readonly confirm?: string
  /** Versions among which the host takes the newest itself. */
  readonly range?: string
  /** Of the registry, followed instead of the instance's. */
  readonly channel?: string
  readonly pinned?: boolean
  /** What the plugin begins with, for everywhere or for `region`. */
  readonly config?: Json
  /** The other steps of the registry's plan. */
  readonly with?: readonly { readonly plugin: string; readonly version: string }[]
}

export interface Verb {
  readonly verb: 'install' | 'enable' | 'disable' | 'upgrade' | 'promote' | 'rollback' | 'want' | 'uninstall'
  readonly summary: string
  /** Properties of the body; without any, the body is empty. */
  readonly body: Readonly<Record<string, object>>
  readonly required?: readonly string[]
  /** Properties that need others beside them. */
  readonly needs?: Readonly<Record<string, readonly string[]>>
  /** @param by who asks */
  run(operations: Operations, plugin: string, body: VerbBody, by: string): Promise<void>
}

const version = { type: 'string', minLength: 1, maxLength: 60 } as const
const region = { type: 'string', pattern: '^[a-z]{2}(-[a-z0-9]+)*$', maxLength: 20 } as const
const cascade = { type: 'boolean' } as const
const reason = seenText(500, 10)

const others = {
  type: 'array',
  maxItems: 50,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['plugin', 'version'],
    properties: { plugin: { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 40 }, version },
  },
} as const
const registry = { from: { const: 'registry' }, with: others } as const

/** Verbs that change the desired state, with what each does. */
export const verbs: readonly Verb[] = [
  {
    verb: 'install',
    summary: 'Installs and starts a plugin from the store, or from the registry with the other steps of its plan.',
    body: { version, region, config: { type: 'object' }, channel, ...registry },
    needs: { channel: ['from'] },
    run: (operations, plugin, body, by) => operations.install(plugin, { ...body, by }),
  },
  {
    verb: 'enable',
    summary: 'Starts an installed plugin; with `cascade` also what was disabled with it.',
    body: { region, cascade },
    run: (operations, plugin, body) =>
      body.region === undefined
        ? operations.enable(plugin, body.cascade)
        : operations.inRegion.enable(plugin, body.region),
  },
  {
    verb: 'disable',
    summary: 'Stops a plugin; refused while others need it, unless `cascade` stops them first.',
    body: { region, cascade },
    run: (operations, plugin, body) =>
      body.region === undefined
        ? operations.disable(plugin, body.cascade)
        : operations.inRegion.disable(plugin, body.region),
  },
  {
    verb: 'upgrade',
    summary:
      'Replaces the running version without an interruption, for everybody or for a cohort first; from the store or the registry.',
    body: { version, region, canary: canaryBody, cascade, acceptNoRollback: { const: true }, reason, ...registry },
    needs: { acceptNoRollback: ['reason'] },
    run: (operations, plugin, body) =>
      body.region === undefined
        ? operations.upgrade(plugin, { ...body, canary: body.canary && canarySpec(body.canary) })
        : operations.inRegion.upgrade(plugin, body.region, body.version, body.acceptNoRollback),
  },
  {
    verb: 'promote',
    summary: 'Gives a canary to everybody.',
    body: {},
    run: (operations, plugin) => operations.promote(plugin),
  },
  {
    verb: 'rollback',
    summary: 'Ends a canary; without one, brings back the version before the last upgrade.',
    body: { region },
    run: (operations, plugin, body) =>
      body.region === undefined ? operations.rollback(plugin) : operations.inRegion.rollback(plugin, body.region),
  },
  {
    verb: 'want',
    summary:
      'Sets which versions are wanted: the one that is there, those of a range, the newest of which in its channel the host takes itself, or for as long as it is pinned no other.',
    body: {
      ...{ region, range: { type: 'string', minLength: 1, maxLength: 100 }, channel },
      ...{ pinned: { type: 'boolean' }, reason },
    },
    required: ['reason'],
    run: (operations, plugin, { region: where, reason: why = '', ...wish }) =>
      operations.want(plugin, {
        region: where,
        range: wish.range,
        channel: wish.channel,
        pinned: wish.pinned,
        reason: why,
      }),
  },
  {
    verb: 'uninstall',
    summary: 'Stops a plugin that no other needs and takes it out; its data stay unless they are dropped explicitly.',
    body: { dropData: { const: true }, confirm: { type: 'string', maxLength: 40 }, reason },
    needs: { dropData: ['confirm'] },
    async run(operations, plugin, { dropData, confirm, reason: why }) {
      if (dropData && confirm !== plugin)
        throw new Problem(400, 'invalid_request', `To drop the data of "${plugin}", "confirm" must be "${plugin}".`)
      await operations.uninstall(plugin, {
        dropData,
        ...(why === undefined ? {} : { why: because('uninstalled_because', { why }) }),
      })
    },
  },
]
