import { spawn } from 'node:child_process'
import path from 'node:path'
import semver from 'semver'
import { readSourceJson } from '../../build/read-source.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { registryAccess } from '../npm/npmrc.ts'
import { packPlugin } from './pack.ts'

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
    if (key === undefined && !typed.values['unsigned'])
      throw new UsageError(
        'Give --key FILE.pem. Only a registry for trying things out takes a package with --unsigned.',
      )
    const registry = await registryOf(pluginDir, textOf(typed, 'registry'))
    const { file, name, version } = await packPlugin(pluginDir, textOf(typed, 'out'), key)
    const tag = textOf(typed, 'tag') ?? (semver.prerelease(version) ? 'next' : 'latest')
    console.log(`publishing ${name}@${version} to ${registry}`)
    // npm reads the token itself, and prints the registry's findings.
    return npm(pluginDir, ['publish', file, '--registry', `${registry}/`, '--tag', tag])
  },
}

/** Never npm's default: a plugin must not end on the public registry because a setting was forgotten. */
async function registryOf(pluginDir: string, given: string | undefined): Promise<string> {
  const { name } = await readSourceJson(pluginDir, 'package.json')
  const scope = typeof name === 'string' ? /^(@[^/]+)\/dcesop-/.exec(name)?.[1] : undefined
  if (scope === undefined) throw new UsageError('The name in package.json must be "@<publisher>/dcesop-<id>".')
  const { url, token } = await registryAccess(pluginDir, scope, given)
  if (url === undefined)
    throw new UsageError(`Name the registry with --registry URL, or as "${scope}:registry=URL" in .npmrc.`)
  if (token === undefined) throw new UsageError(`There is no token for ${url} in .npmrc: npm login --registry ${url}/`)
  return url
}

function npm(cwd: string, args: readonly string[]): Promise<number> {
  const child = spawn('npm', args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
