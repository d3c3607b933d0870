import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { UsageError } from '../command.ts'
import { t } from '../text/text.ts'

/** What npm's configuration files say about a registry; npm itself does not tell others the token. */
export interface RegistryAccess {
  /** Without a slash at its end; undefined when no file names one. */
  readonly url: string | undefined
  readonly token: string | undefined
}

/**
 * Reads the .npmrc of the folder, of the folders above it up to the home, and of the home; the nearest wins, as with npm.
 * @param scope `@publisher`, whose own registry goes first
 * @param given what was named on the command line
 * @throws UsageError when the address is none
 */
export async function registryAccess(dir: string, scope: string, given?: string): Promise<RegistryAccess> {
  const settings = await readSettings(dir)
  const named = given ?? settings.get(`${scope}:registry`) ?? settings.get('registry')
  if (named === undefined) return { url: undefined, token: undefined }
  const url = registryUrl(named)
  const { host, pathname } = new URL(url)
  return { url, token: tokenOf(settings, `//${host}${pathname.replace(/\/?$/, '/')}`) }
}

/** Of the address itself, or of the nearest folder above it, with a slash at its end or without, as with npm. */
function tokenOf(settings: ReadonlyMap<string, string>, address: string): string | undefined {
  for (let at = address; at.length > '//'.length; at = at.replace(/(?:[^/]+|\/)$/, '')) {
    const token = settings.get(`${at}:_authToken`)
    if (token !== undefined) return token
  }
  return undefined
}

/** What was named, without a slash at its end. @throws UsageError when it is no address */
export function registryUrl(named: string): string {
  if (/^https?:$/.test(URL.parse(named)?.protocol ?? '')) return named.replace(/\/+$/, '')
  throw new UsageError(t('registry.address', { named }))
}

async function readSettings(dir: string): Promise<Map<string, string>> {
  const folders = [homedir()]
  for (let folder = path.resolve(dir); !folders.includes(folder); folder = path.dirname(folder)) {
    folders.splice(1, 0, folder)
    if (folder === path.dirname(folder)) break
  }
  const settings = new Map<string, string>()
  for (const folder of folders) {
    const text = await readFile(path.join(folder, '.npmrc'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    for (const [key, value] of parseNpmrc(text)) settings.set(key, value)
  }
  return settings
}

/** `key=value` lines; `${NAME}` stands for the environment's. */
export function parseNpmrc(text: string): [string, string][] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    if (!match) return []
    const value = (match[2] as string).replace(/^(["'])(.*)\1$/, '$2')
    return [[match[1] as string, value.replace(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole)]]
  })
}
