import { canaryBody, type CanaryRequest, canarySpec } from '../canary/spec.ts'
import type { Operations } from '../lifecycle/operations.ts'

/** Bodies of the verbs, each already checked by its schema. */
export interface VerbBody {
  readonly version?: string
  readonly canary?: CanaryRequest
}

export interface Verb {
  readonly verb: 'install' | 'enable' | 'disable' | 'upgrade' | 'promote' | 'rollback'
  readonly summary: string
  /** Properties of the body; without any, the body is empty. */
  readonly body: Readonly<Record<string, object>>
  run(operations: Operations, plugin: string, body: VerbBody): Promise<void>
}

const version = { type: 'string', minLength: 1, maxLength: 60 } as const

/** Verbs that change the desired state, with what each does. */
export const verbs: readonly Verb[] = [
  {
    verb: 'install',
    summary: 'Installs and starts a plugin from the store.',
    body: { version },
    run: (operations, plugin, body) => operations.install(plugin, body.version),
  },
  {
    verb: 'enable',
    summary: 'Starts an installed plugin.',
    body: {},
    run: (operations, plugin) => operations.enable(plugin),
  },
  {
    verb: 'disable',
    summary: 'Stops a plugin; refused while others need it.',
    body: {},
    run: (operations, plugin) => operations.disable(plugin),
  },
  {
    verb: 'upgrade',
    summary: 'Replaces the running version without an interruption, for everybody or for a cohort first.',
    body: { version, canary: canaryBody },
    run: (operations, plugin, body) =>
      operations.upgrade(plugin, { version: body.version, canary: body.canary && canarySpec(body.canary) }),
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
    body: {},
    run: (operations, plugin) => operations.rollback(plugin),
  },
]
