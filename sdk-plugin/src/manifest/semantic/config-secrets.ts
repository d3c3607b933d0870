import { placeValues, takeAway } from '../values-at.ts'
import { createAjv } from '../../http/ajv.ts'
import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'
import { compileError } from './attempt.ts'

const options = { strictRequired: false, useDefaults: true }

/** A secret that comes with the package is known to everybody who has it, and would stand in for one that nobody gave. */
export function secretDefaults({ config }: PluginManifest): ManifestFinding[] {
  const { schema, secrets = [] } = config ?? {}
  if (!schema || secrets.length === 0 || compileError(schema, options) !== undefined) return []
  const fill = createAjv({ strict: true, ...options, allErrors: true }).compile(schema)
  return secrets.flatMap((pointer, index) => {
    const value = {}
    // The objects on the way to it, whose defaults may be its own.
    placeValues(value, new Map([[pointer, '']]))
    takeAway(value, pointer)
    const filled = [value, {}].map((one) => {
      fill(one)
      return takeAway(one, pointer)
    })
    if (!filled.includes(true)) return []
    return [finding('manifest-config-secret.default', `/config/secrets/${index}`, { pointer })]
  })
}
