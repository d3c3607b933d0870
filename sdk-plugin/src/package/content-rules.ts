import type { PackageFinding } from './findings.ts'

const forbiddenScripts = [
  'preinstall',
  'install',
  'postinstall',
  'prepare',
  'prepublish',
  'preuninstall',
  'postuninstall',
]

/** What a package may not contain, by path and by package.json; the host never runs npm on it, so nothing here is needed. */
export function contentFindings(files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  return [...pathFindings([...files.keys()]), ...packageJsonFindings(files.get('package.json'))]
}

export function pathFindings(paths: readonly string[]): PackageFinding[] {
  const seen = new Map<string, string>()
  return paths.flatMap((path): PackageFinding[] => {
    const clash = seen.get(path.toLowerCase())
    seen.set(path.toLowerCase(), path)
    if (clash !== undefined) {
      return [
        finding('package-case-collision', `"${clash}" and "${path}" are one file on some systems.`, 'Rename one.'),
      ]
    }
    if (isUnsafePath(path)) {
      return [
        finding(
          'package-unsafe-path',
          `"${path}" leaves the package or is not a plain path.`,
          'Use relative POSIX paths.',
        ),
      ]
    }
    if (path.endsWith('.node')) {
      return [finding('package-native-code', `"${path}" is native code.`, 'Plugins ship JavaScript only.')]
    }
    if (path.split('/').includes('node_modules')) {
      return [
        finding(
          'package-node-modules',
          `"${path}" is inside node_modules.`,
          'Bundle what the backend needs into its one file.',
        ),
      ]
    }
    return []
  })
}

export function isUnsafePath(path: string): boolean {
  return (
    path === '' ||
    path.startsWith('/') ||
    path.includes('\\') ||
    /^[A-Za-z]:/.test(path) ||
    // Control characters hide in listings and break logs.
    [...path].some((character) => character.charCodeAt(0) < 32) ||
    path.split('/').some((part) => part === '..' || part === '.' || part === '')
  )
}

function packageJsonFindings(content: Buffer | undefined): PackageFinding[] {
  if (!content) return [finding('package-json', 'package.json is missing.', 'Pack with "dcesop pack".')]
  const parsed = parseObject(content)
  if (!parsed) return [finding('package-json', 'package.json is not a JSON object.', 'Pack with "dcesop pack".')]
  const scripts = Object.keys((parsed['scripts'] ?? {}) as object).filter((name) => forbiddenScripts.includes(name))
  return [
    ...scripts.map((name) => finding('package-install-script', `package.json has the script "${name}".`, 'Remove it.')),
    ...('bin' in parsed ? [finding('package-bin', 'package.json has "bin".', 'Remove it.')] : []),
  ]
}

export function parseObject(content: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(content.toString('utf8'))
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function finding(rule: string, evidence: string, fix: string): PackageFinding {
  return { rule, evidence, fix }
}
