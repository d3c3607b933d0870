import { readFile } from 'node:fs/promises'
import path from 'node:path'

const name = '@dcesop/sdk-plugin'

/**
 * Where the package that a new plugin is made in has its SDK from, as package.json of the plugin names it: a tarball that npm, pnpm
 * or yarn installed is the only source there is. Undefined for a range, which a registry answers.
 * @param dir folder of the new plugin
 */
export async function sdkSource(dir: string): Promise<string | undefined> {
  for (let folder = path.dirname(dir); ; folder = path.dirname(folder)) {
    const source = await dependencyOf(folder)
    if (source !== undefined) return asSeenFrom(dir, folder, source)
    if (folder === path.dirname(folder)) return undefined
  }
}

async function dependencyOf(folder: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}')
  const { dependencies, devDependencies } = objectIn(text)
  const source = { ...(devDependencies as object), ...(dependencies as object) }[name as never] as unknown
  return typeof source === 'string' ? source : undefined
}

/** What is no package.json names nothing. */
function objectIn(text: string): { dependencies?: unknown; devDependencies?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object
  } catch {
    return {}
  }
}

function asSeenFrom(dir: string, folder: string, source: string): string | undefined {
  if (/^https?:/.test(source)) return source
  const [, file] = /^(?:file:)?(.+\.tgz)$/.exec(source) ?? []
  return file && `file:${path.relative(dir, path.resolve(folder, file)).split(path.sep).join('/')}`
}
