import { parseStrictJson } from '@dcesop/sdk-plugin/http'
import type { Check, Contents, Finding } from '../check.ts'
import { finding } from '../findings.ts'
import { packageName, sbomPath } from './components.ts'

/** What a plugin bundles is told whole: advisories and licences are looked up by it. */
export const sbomCheck: Check<Contents> = {
  id: 'sbom',
  run({ kind, files }): Finding[] {
    if (kind !== 'plugin') return []
    const bill = files.get(sbomPath)
    if (!bill) return [finding('sbom-missing', { path: sbomPath })]
    const components = componentsIn(bill)
    if (!components) return [finding('sbom-form', { path: sbomPath })]
    const told = new Set(components.map(packageName))
    return bundledPackages(files)
      .filter((name) => !told.has(name))
      .map((name) => finding('sbom-incomplete', { name, path: sbomPath }))
  },
}

function componentsIn(bill: Buffer): object[] | undefined {
  try {
    const { bomFormat, components } = parseStrictJson(bill.toString('utf8')) as Record<string, unknown>
    if (bomFormat !== 'CycloneDX' || !Array.isArray(components)) return undefined
    const named = components.every((one) => typeof one === 'object' && one !== null && packageName(one as object))
    return named ? (components as object[]) : undefined
  } catch {
    // Not JSON is not CycloneDX.
    return undefined
  }
}

/** Names of the packages in the backend's bundle, by its source map; none where it has no map. */
function bundledPackages(files: Contents['files']): string[] {
  const maps = [...files].filter(([path]) => path.endsWith('.cjs.map') && !path.startsWith('dist/ui/'))
  const sources = maps.flatMap(([, map]) => sourcesIn(map))
  return [...new Set(sources.flatMap((source) => innermostPackage(source.split('/')) ?? []))].sort()
}

/** Name of the package whose folder, below `node_modules`, is the last one that the path goes through. */
function innermostPackage(parts: readonly string[]): string | undefined {
  const isName = (part: string | undefined) => part !== undefined && part !== '' && !part.startsWith('.')
  for (let at = parts.length - 3; at >= 0; at -= 1) {
    const [folder, first, second] = [parts[at], parts[at + 1], parts[at + 2]]
    if (!folder?.endsWith('node_modules') || !isName(first)) continue
    const scoped = first?.startsWith('@') && first.length > 1 && isName(second) && at + 3 < parts.length
    return scoped ? `${first}/${second}` : first
  }
  return undefined
}

function sourcesIn(map: Buffer): string[] {
  try {
    const { sources } = JSON.parse(map.toString('utf8')) as { sources?: unknown }
    return Array.isArray(sources) ? sources.filter((source) => typeof source === 'string') : []
  } catch {
    // A broken map tells debuggers nothing either.
    return []
  }
}
