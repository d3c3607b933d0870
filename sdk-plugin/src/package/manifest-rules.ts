import { checkManifest } from '../manifest/check.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { noObject, parseObject } from './content-rules.ts'
import { manifestPath } from './file-list.ts'
import type { PackageFinding } from './findings.ts'
import { migrationFindings } from './migrations.ts'

/** Reads the manifest out of the files and holds it against what the package really contains. */
export function manifestFindings(files: ReadonlyMap<string, Buffer>): {
  manifest?: PluginManifest
  findings: PackageFinding[]
} {
  const content = files.get(manifestPath)
  const parsed = content && parseObject(content)
  if (!parsed)
    return { findings: [finding('package-manifest', `${manifestPath} ${content ? noObject : 'is missing'}.`)] }
  const checked = checkManifest(parsed)
  if (!checked.ok) {
    return { findings: checked.findings.map(({ rule, message, fix }) => ({ rule, evidence: message, fix })) }
  }
  return { manifest: checked.manifest, findings: agreement(checked.manifest, files) }
}

function agreement(manifest: PluginManifest, files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  const packageJson = parseObject(files.get('package.json') ?? Buffer.from('')) ?? {}
  const expectations: [boolean, PackageFinding][] = [
    [
      !manifest.backend || files.has(manifest.backend.entry),
      finding('package-entry', `The backend entry "${manifest.backend?.entry}" is not in the package.`),
    ],
    [
      !needsUi(manifest) || files.has('dist/ui/remoteEntry.js'),
      finding('package-ui', 'The manifest declares user interface, but dist/ui/remoteEntry.js is not in the package.'),
    ],
    ...manifest.i18n.locales.map((locale): [boolean, PackageFinding] => [
      files.has(`${manifest.i18n.path}/${locale}.json`),
      finding('package-locale', `"${manifest.i18n.path}/${locale}.json" is not in the package.`),
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
    ...(said === version
      ? []
      : [finding('package-version', `package.json says version ${JSON.stringify(said)}, the manifest "${version}".`)]),
    ...(typeof name === 'string' && new RegExp(`^@[^/]+/dcesop-${id}$`).test(name)
      ? []
      : [
          finding(
            'package-name',
            `package.json says name ${JSON.stringify(name)}; it must be "@<publisher>/dcesop-${id}".`,
          ),
        ]),
  ]
}

export function needsUi(manifest: PluginManifest): boolean {
  return (manifest.ui?.pages?.length ?? 0) + (manifest.ui?.extensions?.length ?? 0) > 0
}

function finding(rule: string, evidence: string): PackageFinding {
  return { rule, evidence, fix: 'Make manifest and package agree, then pack again.' }
}
