import { parseStrictJson } from '../http/strict-json.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

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
      return [finding('package-unsafe-path', { path })]
    }
    if (/\.node$/i.test(path)) {
      return [finding('package-native-code', { path })]
    }
    if (path.split('/').includes('node_modules')) {
      return [finding('package-node-modules', { path })]
    }
    return []
  })
}

/** Files of which some systems can keep only one: names that differ in case or in how an accent is written, and a file where a folder is. */
export function collisionFindings(paths: readonly string[]): Map<string, PackageFinding> {
  const folded = new Map<string, string>()
  const found = new Map<string, PackageFinding>()
  for (const path of paths) {
    const name = foldedPath(path)
    const other = folded.get(name)
    folded.set(name, path)
    if (other === undefined) continue
    found.set(path, finding('package-case-collision', { other, path }))
  }
  for (const path of paths) {
    const file = foldersOf(foldedPath(path)).map((folder) => folded.get(folder))
    const inTheWay = file.find((name) => name !== undefined)
    if (inTheWay === undefined) continue
    found.set(path, finding('package-duplicate.folder', { file: inTheWay, path }))
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
  if (!content) return [finding('package-json.missing')]
  const parsed = parseObject(content)
  if (!parsed) return [finding('package-json.shape')]
  const scripts = Object.keys((parsed['scripts'] ?? {}) as object).filter((name) => forbiddenScripts.includes(name))
  return [
    ...scripts.map((name) => finding('package-install-script', { name })),
    ...binMembers(parsed).map((name) => finding('package-bin', { name })),
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
