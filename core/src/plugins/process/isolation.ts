import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'

export type Isolation = 'inline' | 'process'

/** What the operator asks for; it raises what a manifest asks for and never lowers it. */
export interface IsolationPolicy {
  readonly default: Isolation
  readonly byPlugin: Readonly<Record<string, Isolation>>
}

export const noPolicy: IsolationPolicy = { default: 'inline', byPlugin: {} }

/** Where a plugin's backend runs; one without a backend has nothing to isolate. */
export function isolationOf({ id, backend }: PluginManifest, policy: IsolationPolicy): Isolation {
  if (!backend) return 'inline'
  const asked = Object.hasOwn(policy.byPlugin, id) ? policy.byPlugin[id] : policy.default
  return backend.isolation === 'process' || asked === 'process' ? 'process' : 'inline'
}
