import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** An npm package whose code went into a bundle. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** As in its package.json; undefined when it states none. */
  readonly licence: string | undefined
}

/** What begins with a point is a tool's own, such as the entries that module federation writes into `.federation`. */
const packageFolder = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/.][^\\/]*)[\\/]/

/** The packages that the given source files belong to, sorted; files outside node_modules are the plugin's own. */
export async function packagesOf(files: Iterable<string>): Promise<BundledPackage[]> {
  const folders = new Set([...files].flatMap((file) => packageFolder.exec(path.resolve(file))?.[1] ?? []))
  const read = await Promise.all([...folders].map(readPackageJson))
  const unique = new Map(read.map((found) => [`${found.name}@${found.version}`, found]))
  return [...unique.keys()].sort().map((key) => unique.get(key) as BundledPackage)
}

async function readPackageJson(folder: string): Promise<BundledPackage> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8')
  const { name, version, license } = JSON.parse(text) as { name: string; version: string; license?: unknown }
  return { name, version, licence: typeof license === 'string' ? license : undefined }
}
