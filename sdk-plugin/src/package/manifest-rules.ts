import { checkManifest } from '../manifest/check.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { parseObject } from './content-rules.ts'
import { manifestPath } from './file-list.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'
import { packageLimits } from './limits.ts'
import { migrationFindings } from './migrations.ts'

const remoteEntry = 'dist/ui/remoteEntry.js'

/** Reads the manifest out of the files and holds it against what the package really contains. */
export function manifestFindings(files: ReadonlyMap<string, Buffer>): {
  manifest?: PluginManifest
  findings: PackageFinding[]
} {
  const content = files.get(manifestPath)
  if (content && content.length > packageLimits.manifestBytes) {
    const size = { file: manifestPath, bytes: content.length, most: packageLimits.manifestBytes }
    return { findings: [finding('package-manifest.size', size)] }
  }
  if (!content) return { findings: [finding('package-manifest.missing', { file: manifestPath })] }
  const parsed = parseObject(content)
  if (!parsed) return { findings: [finding('package-manifest.shape', { file: manifestPath })] }
  const checked = checkManifest(parsed)
  if (!checked.ok)
    return { findings: checked.findings.map(({ message, pointer: _, ...rest }) => ({ ...rest, evidence: message })) }
  return { manifest: checked.manifest, findings: agreement(checked.manifest, files) }
}

function agreement(manifest: PluginManifest, files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  const packageJson = parseObject(files.get('package.json') ?? Buffer.from('')) ?? {}
  const expectations: [boolean, PackageFinding][] = [
    [
      !manifest.backend || files.has(manifest.backend.entry),
      finding('package-entry', { entry: manifest.backend?.entry ?? '' }),
    ],
    [!needsUi(manifest) || files.has(remoteEntry), finding('package-ui', { file: remoteEntry })],
    ...manifest.i18n.locales.map((locale): [boolean, PackageFinding] => [
      files.has(`${manifest.i18n.path}/${locale}.json`),
      finding('package-locale', { path: `${manifest.i18n.path}/${locale}.json` }),
    ]),
  ]
  return [
    ...identityFindings(manifest, packageJson),
    ...expectations.filter(([holds]) => !holds).map(([, found]) => found),
    ...migrationFindings(manifest, files.keys()),
  ]
}

/** One plugin has one name and one version, in the sources as in the package. */
export function identityFindings(
  { id, version }: PluginManifest,
  packageJson: Readonly<Record<string, unknown>>,
): PackageFinding[] {
  const { name = '', version: said = '' } = packageJson
  return [
    ...(said === version ? [] : [finding('package-version', { said: JSON.stringify(said), version })]),
    ...(typeof name === 'string' && new RegExp(`^@[^/]+/dcesop-${id}$`).test(name)
      ? []
      : [finding('package-name', { said: JSON.stringify(name), form: `@<publisher>/dcesop-${id}` })]),
  ]
}

export function needsUi(manifest: PluginManifest): boolean {
  return (manifest.ui?.pages?.length ?? 0) + (manifest.ui?.extensions?.length ?? 0) > 0
}
