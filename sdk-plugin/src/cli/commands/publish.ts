import { spawn } from 'node:child_process'
import path from 'node:path'
import semver from 'semver'
import { readSourceJson } from '../../build/read-source.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { askRegistry, RegistryRefused } from '../npm/ask-registry.ts'
import { registryAccess } from '../npm/npmrc.ts'
import { packPlugin } from './pack.ts'
import { t } from '../text/text.ts'

export const publishCommand: Command = {
  options: {
    registry: { type: 'string' },
    key: { type: 'string' },
    unsigned: { type: 'boolean' },
    out: { type: 'string' },
    tag: { type: 'string' },
  },
  async run(typed) {
    const pluginDir = path.resolve(typed.target)
    const key = textOf(typed, 'key')
    if (key === undefined && !typed.values['unsigned']) throw new UsageError(t('publish.unsigned'))
    const { url: registry, token } = await registryOf(pluginDir, textOf(typed, 'registry'))
    const { file, name, version } = await packPlugin(pluginDir, textOf(typed, 'out'), key)
    const tag = textOf(typed, 'tag') ?? (semver.prerelease(version) ? 'next' : 'latest')
    console.log(t('publish.started', { name, version, registry }))
    // npm prints the registry's findings. It is given the token: of an .npmrc in a folder above the plugin's it knows nothing.
    const { host, pathname } = new URL(`${registry}/`)
    const env = { ...process.env, [`npm_config_//${host}${pathname}:_authToken`]: token }
    return npm(pluginDir, ['publish', file, '--registry', `${registry}/`, '--tag', tag], env)
  },
}

/**
 * Never npm's default: a plugin must not end on the public registry because a setting was forgotten. It is asked at once whether it
 * would take the publish: npm tries for minutes where nobody answers, and says so after the build.
 */
async function registryOf(pluginDir: string, given: string | undefined): Promise<{ url: string; token: string }> {
  const { name, version } = await readSourceJson(pluginDir, 'package.json')
  const scope = typeof name === 'string' ? /^(@[^/]+)\/dcesop-/.exec(name)?.[1] : undefined
  if (scope === undefined) throw new UsageError(t('publish.name', { form: '@<publisher>/dcesop-<id>' }))
  const { url, token } = await registryAccess(pluginDir, scope, given)
  if (url === undefined) throw new UsageError(t('publish.registry', { scope }))
  if (token === undefined) throw new UsageError(t('publish.token', { url }))
  const headers = { authorization: `Bearer ${token}` }
  await askRegistry(url, '/-/whoami', { headers })
  if (await isThere(url, `/${encodeURIComponent(String(name))}/${encodeURIComponent(String(version))}`, headers))
    throw new UsageError(t('publish.there', { name: String(name), version: String(version) }))
  return { url, token }
}

async function isThere(url: string, path: string, headers: Record<string, string>): Promise<boolean> {
  try {
    await askRegistry(url, path, { headers })
    return true
  } catch (error) {
    if (error instanceof RegistryRefused && error.status === 404) return false
    throw error
  }
}

function npm(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn('npm', args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
