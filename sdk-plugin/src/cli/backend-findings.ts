import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { lineOf } from '../build/json-line.ts'
import { textOfSource } from '../build/read-source.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { manifestPath } from '../package/file-list.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

interface Use {
  readonly what: 'route' | 'collection' | 'job'
  readonly name: string
  readonly at: string
}

/**
 * Where the backend's sources and the manifest do not agree, so that a host would not start it. Only names that stand in the
 * sources as they are can be told; the host itself compares all of them.
 */
export async function backendFindings(pluginDir: string, manifest: PluginManifest): Promise<PackageFinding[]> {
  if (!manifest.backend) return []
  const { uses, computed } = await usesIn(pluginDir)
  const routes = manifest.backend.routes.map(({ method, path: where }) => `${method} ${where}`)
  const declared = {
    route: (name: string) => routes.includes(name),
    job: (name: string) => (manifest.backend?.jobs ?? []).some((job) => job.name === name),
    collection: (name: string) => (manifest.data?.collections ?? []).some((one) => isNamedBy(one, name)),
  }
  const undeclared = uses.flatMap(({ what, name, at }) => {
    if (declared[what](name)) return []
    return [finding(`source-undeclared.${what}`, { name }, at)]
  })
  const text = await textOfSource(pluginDir, manifestPath)
  const registered = new Set(uses.flatMap(({ what, name }) => (what === 'route' ? [name] : [])))
  const unregistered = routes.flatMap((name, index) => {
    if (computed || registered.has(name)) return []
    const at = `${manifestPath}:${lineOf(text, `/backend/routes/${index}`)}`
    return [finding('source-unregistered', { name }, at)]
  })
  return [...undeclared, ...unregistered]
}

/** @returns `computed` when some routes are registered in a way that cannot be read here */
async function usesIn(pluginDir: string): Promise<{ uses: Use[]; computed: boolean }> {
  const files: string[] = []
  for await (const file of glob('server/**/*.ts', { cwd: pluginDir })) files.push(file)
  const sources = files.filter((file) => !/\.spec\.ts$|[\\/]testing[\\/]/.test(file)).sort()
  const uses: Use[] = []
  let computed = false
  for (const file of sources) {
    const source = await readFile(path.join(pluginDir, file), 'utf8')
    const placed = (index: number) => `${file.split(path.sep).join('/')}:${source.slice(0, index).split('\n').length}`
    for (const { 1: kind, index } of source.matchAll(/\b(route|collection|every)(?:<[^()]*>)?\(/g)) {
      const call = source.slice(index, index + 400)
      const at = placed(index)
      const route = /^[^(]*\(\s*\{\s*method:\s*'([A-Z]+)',\s*path:\s*'([^'\n]+)'/.exec(call)
      const name = /^[^(]*\(\s*(['"])([^'"\n]+)\1/.exec(call)?.[2]
      if (kind === 'route' && route) uses.push({ what: 'route', name: `${route[1]} ${route[2]}`, at })
      else if (kind === 'route') computed = true
      else if (name !== undefined && kind === 'collection') uses.push({ what: 'collection', name, at })
      else if (name !== undefined && source.slice(0, index).endsWith('jobs.')) uses.push({ what: 'job', name, at })
    }
  }
  return { uses, computed: computed || sources.length === 0 }
}

/** A declared name may end in `*`. */
function isNamedBy(declared: string, name: string): boolean {
  return declared.endsWith('*') ? name.startsWith(declared.slice(0, -1)) : declared === name
}
