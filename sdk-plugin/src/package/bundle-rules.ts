import { parseObject } from './content-rules.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'
import { isPluginName } from './plugin-name.ts'

const sbomPath = 'sbom.cdx.json'
/** How bundlers end a module that they write as a text for `eval`: the line break is escaped in it. */
const evalEndings = ['\\n//# sourceURL=', '\\n//# sourceMappingURL=data:']

/** What may not be in the bundles, whoever built them. */
export function bundleFindings(files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  return [...otherPlugins(files.get(sbomPath)), ...evalModules(files)]
}

function otherPlugins(bill: Buffer | undefined): PackageFinding[] {
  const { components } = (bill && parseObject(bill)) ?? {}
  const listed: unknown[] = Array.isArray(components) ? components : []
  const names = listed.map((one) => {
    const { group, name } = (one ?? {}) as { group?: unknown; name?: unknown }
    return typeof group === 'string' && group !== '' ? `${group}/${String(name)}` : String(name)
  })
  return names.filter((name) => isPluginName(name)).map((name) => finding('package-other-plugin', { name }))
}

function evalModules(files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  return [...files]
    .filter(([path, content]) => {
      return /\.[cm]?js$/.test(path) && content.includes('eval(') && evalEndings.some((end) => content.includes(end))
    })
    .map(([path]) => finding('package-eval-map', { path }))
}
