import type { ErrorObject } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import semver from 'semver'
import { createAjv } from '../http/ajv.ts'
import { manifestSchema } from './schema/index.ts'
import { semanticFindings } from './semantic.ts'
import type { ManifestFinding, PluginManifest } from './types.ts'

// Compiled at each start of a host and of the command line, so without what makes that three times as slow: specs check the schema itself.
const ajv = createAjv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  validateSchema: false,
  code: { optimize: false },
})
addFormats.default(ajv, ['json-pointer'])
ajv.addFormat('semver', (value: string) => semver.valid(value) === value)
ajv.addFormat('semver-range', (value: string) => value !== '' && semver.validRange(value) !== null)
const validate = ajv.compile<PluginManifest>(manifestSchema)

export type ManifestCheck =
  | { readonly ok: true; readonly manifest: PluginManifest }
  | { readonly ok: false; readonly findings: readonly ManifestFinding[] }

/** Checks a parsed `dcesop.plugin.json`: shape first, then the rules that a schema cannot say. Same code at pack, publish and install. */
export function checkManifest(input: unknown): ManifestCheck {
  if (!validate(input)) return { ok: false, findings: (validate.errors ?? []).map(shapeFinding) }
  const findings = semanticFindings(input)
  return findings.length > 0 ? { ok: false, findings } : { ok: true, manifest: input }
}

function shapeFinding(error: ErrorObject): ManifestFinding {
  const pointer = error.instancePath || '/'
  const extra = error.params as Record<string, unknown>
  if (error.keyword === 'additionalProperties') {
    const name = String(extra['additionalProperty'])
    return {
      rule: 'manifest-shape',
      pointer,
      message: `"${name}" is not a field of the manifest at ${pointer}.`,
      fix: `Remove "${name}", or start its name with "x-" at the top level if it is a note of your own.`,
    }
  }
  if (error.keyword === 'required') {
    const name = String(extra['missingProperty'])
    return { rule: 'manifest-shape', pointer, message: `"${name}" is missing at ${pointer}.`, fix: `Add "${name}".` }
  }
  const allowed = error.keyword === 'enum' ? `: ${(extra['allowedValues'] as unknown[]).join(', ')}` : ''
  return {
    rule: 'manifest-shape',
    pointer,
    message: `The value at ${pointer} ${error.message ?? 'is not allowed'}${allowed}.`,
    fix: 'Change the value; the field page in docs/plugin-package.md says where the schema is.',
  }
}
