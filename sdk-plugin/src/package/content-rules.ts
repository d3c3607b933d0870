import { parseStrictJson } from '../http/strict-json.ts'
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

/** What every file system takes, below a folder with a name of its own. */
const longestName = 255
const longestPath = 1024

/** What a package may not contain, by path and by package.json; the host never runs npm on it, so nothing here is needed. */
export function contentFindings(files: ReadonlyMap<string, Buffer>): PackageFinding[] {
  return [...pathFindings([...files.keys()]), ...packageJsonFindings(files.get('package.json'))]
}

export function pathFindings(paths: readonly string[]): PackageFinding[] {
  const clashes = collisionFindings(paths)
  return paths.flatMap((path): PackageFinding[] => {
    const clash = clashes.get(path)
    if (clash) return [clash]
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

/** Files of which some systems can keep only one: names that differ in case or in how an accent is written, and a file where a folder is. */
export function collisionFindings(paths: readonly string[]): Map<string, PackageFinding> {
  const folded = new Map<string, string>()
  const found = new Map<string, PackageFinding>()
  const fix = 'Rename one.'
  for (const path of paths) {
    const name = foldedPath(path)
    const other = folded.get(name)
    folded.set(name, path)
    if (other === undefined) continue
    found.set(path, finding('package-case-collision', `"${other}" and "${path}" are one file on some systems.`, fix))
  }
  for (const path of paths) {
    const file = foldersOf(foldedPath(path)).map((folder) => folded.get(folder))
    const inTheWay = file.find((name) => name !== undefined)
    if (inTheWay === undefined) continue
    found.set(path, finding('package-duplicate', `"${inTheWay}" is a file, and the folder of "${path}".`, fix))
  }
  return found
}

function foldedPath(path: string): string {
  // By way of capitals, as file systems fold: some small letters have one in common.
  return path.normalize('NFC').toUpperCase().toLowerCase()
}

/** `a/b/c` is in `a` and `a/b`. */
function foldersOf(path: string): string[] {
  return path.split('/').flatMap((_part, index, parts) => (index === 0 ? [] : [parts.slice(0, index).join('/')]))
}

export function isUnsafePath(path: string): boolean {
  return (
    path === '' ||
    path.startsWith('/') ||
    path.includes('\\') ||
    /^[A-Za-z]:/.test(path) ||
    // They hide in listings, turn them around and break logs.
    /[\p{Cc}\p{Cf}]/u.test(path) ||
    Buffer.byteLength(path) > longestPath ||
    path.split('/').some((part) => ['..', '.', ''].includes(part) || Buffer.byteLength(part) > longestName)
  )
}

function packageJsonFindings(content: Buffer | undefined): PackageFinding[] {
  if (!content) return [finding('package-json', 'package.json is missing.', 'Pack with "dcesop pack".')]
  const parsed = parseObject(content)
  if (!parsed) return [finding('package-json', `package.json ${noObject}.`, 'Pack with "dcesop pack".')]
  const scripts = Object.keys((parsed['scripts'] ?? {}) as object).filter((name) => forbiddenScripts.includes(name))
  return [
    ...scripts.map((name) => finding('package-install-script', `package.json has the script "${name}".`, 'Remove it.')),
    ...binMembers(parsed).map((name) => finding('package-bin', `package.json has "${name}".`, 'Remove it.')),
  ]
}

/** Members by which npm puts programs on the path. */
function binMembers({ bin, directories }: Readonly<Record<string, unknown>>): string[] {
  const inFolder = ((directories ?? {}) as { bin?: unknown }).bin
  return [...(bin === undefined ? [] : ['bin']), ...(inFolder === undefined ? [] : ['directories.bin'])]
}

/** A JSON object that every reader understands alike. */
export function parseObject(content: Buffer): Record<string, unknown> | undefined {
  try {
    const value = parseStrictJson(content.toString('utf8'))
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Of a file of which `parseObject` makes nothing. */
export const noObject = 'is not a JSON object with each name once and no "__proto__", nested less than 200 deep'

function finding(rule: string, evidence: string, fix: string): PackageFinding {
  return { rule, evidence, fix }
}
