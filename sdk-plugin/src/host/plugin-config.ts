import { createAjv } from '../http/ajv.ts'
import type { PluginManifest } from '../manifest/types.ts'

/**
 * Holds a configuration against `config.schema` of the manifest; gives it back with defaults applied, frozen.
 * @throws Error with a sentence for each mistake
 */
export function checkedConfig(manifest: PluginManifest, given: unknown = {}): unknown {
  const value: unknown = structuredClone(given)
  const schema = manifest.config?.schema ?? { type: 'object', additionalProperties: false }
  const ajv = createAjv({ allErrors: true, strict: true, strictRequired: false, useDefaults: true })
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
  return freeze(value)
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
