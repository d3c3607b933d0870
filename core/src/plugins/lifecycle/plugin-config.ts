import { checkedConfig, takeAway } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import canonicalizeModule from 'canonicalize'
import { createHash } from 'node:crypto'
import { because, ReasonedError } from '../journal/reasons.ts'

// The package's types describe its CommonJS face only; depending on the loader the function is the module or its default.
type Canonicalize = (value: unknown) => string | undefined
const loaded = canonicalizeModule as unknown as Canonicalize & { default?: Canonicalize }
const canonicalize = loaded.default ?? loaded

/** A plugin's configuration with defaults and secrets, frozen, and a revision that names its content without these. */
export interface PluginConfig {
  readonly value: unknown
  readonly revision: string
}

/**
 * Holds a configuration against `config.schema` of the manifest.
 * @param secrets values at the pointers of `config.secrets`
 * @throws Error with a sentence for each mistake
 */
export function pluginConfig(
  manifest: PluginManifest,
  given?: unknown,
  secrets: ReadonlyMap<string, string> = new Map(),
): PluginConfig {
  const value = checked(manifest, given, secrets)
  const shown: unknown = structuredClone(value)
  // By a hash that anybody may read, a guess could be tried.
  for (const pointer of manifest.config?.secrets ?? []) takeAway(shown, pointer)
  const revision = createHash('sha256')
    .update(canonicalize(shown) ?? '')
    .digest('hex')
    .slice(0, 12)
  return { value, revision }
}

function checked(manifest: PluginManifest, given: unknown, secrets: ReadonlyMap<string, string>): unknown {
  try {
    return checkedConfig(manifest, given, secrets)
  } catch (error) {
    throw new ReasonedError(because('config_invalid', { detail: (error as Error).message }), error)
  }
}
