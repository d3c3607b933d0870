import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import semver from 'semver'
import { publishDocument } from './publish-document.ts'

interface Output {
  readonly stdout: string
  readonly stderr: string
}

interface Adapter {
  exec(options: { cwd?: string }, ...args: string[]): Promise<Output>
}

/** Cases that are about how the client itself publishes. */
const aboutPublishing = new Set(['publish', 'scenario:tarballs'])

/**
 * A client of the battery that is not started for what its case is not about: raising a version in package.json, publishing what
 * has to be there first, and reading a version. The last two go over HTTP, as the battery does it for clients that cannot publish.
 */
export function withFewerStarts<T extends Adapter>(adapter: T, testCase: string, registry: string, token: string): T {
  const exec = async (options: { cwd?: string }, ...args: string[]): Promise<Output> => {
    const [command, ...rest] = args
    if (command === 'version') return output(await raiseVersion(options.cwd ?? '.', rest[0] as semver.ReleaseType))
    if (command === 'info' && testCase !== 'info') return output(await readVersion(registry, rest[0] ?? ''))
    if (command !== 'publish' || aboutPublishing.has(testCase)) return adapter.exec(options, ...args)
    const tag = rest.includes('--tag') ? rest[rest.indexOf('--tag') + 1] : undefined
    return output(await publishFolder(options.cwd ?? '.', registry, token, tag))
  }
  return { ...adapter, exec }
}

const output = (stdout: string): Output => ({ stdout, stderr: '' })

async function raiseVersion(folder: string, by: semver.ReleaseType): Promise<string> {
  const file = path.join(folder, 'package.json')
  const content = JSON.parse(await readFile(file, 'utf8')) as { version: string }
  const version = semver.inc(content.version, by) ?? content.version
  await writeFile(file, JSON.stringify({ ...content, version }))
  return version
}

/** @param spec a name, perhaps with @version */
async function readVersion(registry: string, spec: string): Promise<string> {
  const at = spec.indexOf('@', 1)
  const name = at < 0 ? spec : spec.slice(0, at)
  const answer = await fetch(`${registry}/${name.replace('/', '%2f')}`)
  const { versions, 'dist-tags': tags } = (await answer.json()) as {
    versions: Record<string, object>
    'dist-tags': { latest: string }
  }
  return JSON.stringify({ ...versions[at < 0 ? tags.latest : spec.slice(at + 1)], 'dist-tags': tags })
}

async function publishFolder(folder: string, registry: string, token: string, tag?: string): Promise<string> {
  const shown = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const files = await Promise.all(
    shown.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const),
  )
  const content = Object.fromEntries(files)
  const { name, version } = JSON.parse(content['package.json'] ?? '') as { name: string; version: string }
  const answer = await fetch(`${registry}/${name.replace('/', '%2f')}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(await publishDocument(name, version, content, tag)),
  })
  if (answer.status !== 201) throw new Error(`${name}@${version} was not published: ${await answer.text()}`)
  return `+ ${name}@${version}`
}
