import type { ValidateFunction } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import semver from 'semver'
import { TookTooLong, withinTime } from './within-time.ts'
import { createAjv } from '../http/ajv.ts'
import { manifestSchema } from './schema/index.ts'
import { semanticFindings } from './semantic.ts'
import { shapeFinding } from './shape-finding.ts'
import { finding } from './finding.ts'
import type { ManifestFinding, PluginManifest } from './types.ts'

let validate: ValidateFunction<PluginManifest> | undefined

/** Compiled at the first manifest, which most starts wait for, so without what makes that three times as slow: specs check the schema itself. */
function compile(): ValidateFunction<PluginManifest> {
  const ajv = createAjv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    validateSchema: false,
    formats: { 'json-pointer': fullFormats['json-pointer'] },
  })
  ajv.addFormat('semver', (value: string) => semver.valid(value) === value)
  ajv.addFormat('semver-range', (value: string) => value !== '' && semver.validRange(value) !== null)
  return ajv.compile<PluginManifest>(manifestSchema)
}

export type ManifestCheck =
  | { readonly ok: true; readonly manifest: PluginManifest }
  | { readonly ok: false; readonly findings: readonly ManifestFinding[] }

/** Many times what the largest manifest takes. Whoever checks does nothing else meanwhile. */
const longestMs = 3_000
/** More of them help nobody, and there could be one for each three bytes. */
const mostFindings = 100

/** Checks a parsed `dcesop.plugin.json`: shape first, then the rules that a schema cannot say. Same code at pack, publish and install. */
export function checkManifest(input: unknown): ManifestCheck {
  const shape = (validate ??= compile())
  try {
    return withinTime(longestMs, () => checked(shape, input))
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error
    return { ok: false, findings: [finding('manifest-endless', '/', { seconds: longestMs / 1000 })] }
  }
}

function checked(shape: ValidateFunction<PluginManifest>, input: unknown): ManifestCheck {
  if (!shape(input)) return { ok: false, findings: (shape.errors ?? []).slice(0, mostFindings).map(shapeFinding) }
  const findings = semanticFindings(input)
  return findings.length > 0 ? { ok: false, findings } : { ok: true, manifest: input }
}
