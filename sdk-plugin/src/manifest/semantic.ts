import { healthPath, routePaths } from './semantic/backend.ts'
import { secretDefaults } from './semantic/config-secrets.ts'
import { conditions } from './semantic/conditions.ts'
import { conflictTargets, consumedOwn, requiredPlugins } from './semantic/dependencies.ts'
import { duplicates, ownNames } from './semantic/names.ts'
import { configSchema, dataVersions, localesComplete, regionClaims } from './semantic/operation.ts'
import { plainText } from './semantic/plain-text.ts'
import { requestForms } from './semantic/requests.ts'
import { contextSchemas, pagePaths, pageSources, pointHeights, pointNames } from './semantic/ui.ts'
import type { ManifestFinding, PluginManifest } from './types.ts'

/** Rules across fields. Each returns what it found; none throws. */
const rules: readonly ((manifest: PluginManifest) => ManifestFinding[])[] = [
  duplicates,
  routePaths,
  healthPath,
  ownNames,
  consumedOwn,
  conflictTargets,
  requiredPlugins,
  requestForms,
  pagePaths,
  pointNames,
  contextSchemas,
  pointHeights,
  conditions,
  pageSources,
  configSchema,
  secretDefaults,
  dataVersions,
  regionClaims,
  localesComplete,
  plainText,
]

export function semanticFindings(manifest: PluginManifest): ManifestFinding[] {
  return rules.flatMap((rule) => rule(manifest))
}
