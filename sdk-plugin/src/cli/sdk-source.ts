import { readFile } from 'node:fs/promises'
import path from 'node:path'

const name = '@dcesop/sdk-plugin'

/**
 * The tarball that npm installed an SDK from, as package.json of another folder names it: there is no other source to ask for it.
 * Undefined when it came from a registry, or in another way.
 * @param installed folder of the SDK
 */
export async function sdkSource(dir: string, installed: string): Promise<string | undefined> {
  const modules = path.resolve(installed, '../..')
  const root = path.dirname(modules)
  const text = await readFile(path.join(modules, '.package-lock.json'), 'utf8').catch(() => 'null')
  const lock = JSON.parse(text) as { packages?: Record<string, { resolved?: unknown } | undefined> } | null
  const resolved = lock?.packages?.[`node_modules/${name}`]?.resolved
  if (typeof resolved !== 'string' || !resolved.startsWith('file:')) return undefined
  const tarball = path.resolve(root, resolved.slice('file:'.length))
  return `file:${path.relative(dir, tarball).split(path.sep).join('/')}`
}
