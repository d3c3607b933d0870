import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import canonicalizeModule from 'canonicalize'
import { createHash } from 'node:crypto'

// The package's types describe its CommonJS face only; depending on the loader the function is the module or its default.
type Canonicalize = (value: unknown) => string | undefined
const loaded = canonicalizeModule as unknown as Canonicalize & { default?: Canonicalize }
const canonicalize = loaded.default ?? loaded

/** A plugin's configuration with defaults applied, frozen, and a revision that names its content. */
export interface PluginConfig {
  readonly value: unknown
  readonly revision: string
}

/** Holds a configuration against `config.schema` of the manifest. @throws Error with a sentence for each mistake */
export function pluginConfig(manifest: PluginManifest, given: unknown = {}): PluginConfig {
  const value: unknown = structuredClone(given)
  const schema = manifest.config?.schema ?? { type: 'object', additionalProperties: false }
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, useDefaults: true })
  const validate = ajv.compile(schema)
  if (!validate(value)) {
    const mistakes = (validate.errors ?? []).map((error) => {
      const unknown = error.params['additionalProperty'] as string | undefined
      return unknown === undefined ? `"${error.instancePath || '/'}" ${error.message}` : `"${unknown}" is not known`
    })
    throw new Error(
      `The configuration of plugin "${manifest.id}" does not fit version ${manifest.version}: ${mistakes.join('; ')}. Change it in the host's configuration.`,
    )
  }
  const revision = createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
    .slice(0, 12)
  return { value: freeze(value), revision }
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
