import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import semver from 'semver'
import { lineOf } from '../build/json-line.ts'
import { textOfSource } from '../build/read-source.ts'
import { manifestPath } from '../package/file-list.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'
import type { PluginManifest } from '../manifest/types.ts'

const sdk = createRequire(import.meta.url)('../../package.json') as { version: string }

/** What the manifest names and nobody wrote, and what would be left out of the package without a word. */
export async function sourceFindings(pluginDir: string, manifest: PluginManifest): Promise<PackageFinding[]> {
  const text = await textOfSource(pluginDir, manifestPath)
  const found = [...otherSdk(manifest), ...undefinedPermissions(manifest), ...missingUnits(pluginDir, manifest)]
  const inManifest = found.map(({ pointer, ...finding }) => ({
    ...finding,
    at: `${manifestPath}:${lineOf(text, pointer)}`,
  }))
  return [...inManifest, ...(await withoutDefault(pluginDir, manifest)), ...(await links(pluginDir, manifest))]
}

type Pointed = PackageFinding & { readonly pointer: string }

/** Nothing was ever built or tried with what it asks for. */
function otherSdk({ engines }: PluginManifest): Pointed[] {
  if (semver.satisfies(sdk.version, engines.sdk, { includePrerelease: true })) return []
  return [{ ...finding('source-engine', { range: engines.sdk, version: sdk.version }), pointer: '/engines/sdk' }]
}

/** Permissions of others exist where those are installed; its own exist only if it defines them. */
function undefinedPermissions({ id, backend, ui, realtime, permissions }: PluginManifest): Pointed[] {
  const defined = new Set((permissions?.defines ?? []).map((permission) => permission.id))
  const users = {
    '/backend/routes': backend?.routes,
    '/ui/pages': ui?.pages,
    '/ui/extensions': ui?.extensions,
    '/realtime': realtime,
  }
  return Object.entries(users).flatMap(([list, items = []]) =>
    items.flatMap((item, index): Pointed[] => {
      const { permission } = item as { permission?: unknown }
      if (typeof permission !== 'string' || !permission.startsWith(`${id}:`) || defined.has(permission)) return []
      return [{ ...finding('source-permission', { permission }), pointer: `${list}/${index}/permission` }]
    }),
  )
}

/** With a build of its own, a plugin may keep them elsewhere. */
function missingUnits(pluginDir: string, { ui }: PluginManifest): Pointed[] {
  if (existsSync(path.join(pluginDir, 'webpack.config.mjs'))) return []
  return (['pages', 'extensions'] as const).flatMap((list) =>
    (ui?.[list] ?? []).flatMap(({ expose }, index): Pointed[] => {
      const file = `ui/${expose}.ts`
      if (existsSync(path.join(pluginDir, file))) return []
      return [{ ...finding('source-unit', { unit: expose, file }), pointer: `/ui/${list}/${index}/expose` }]
    }),
  )
}

/** What a host and a shell take from a module; how the compiler writes it otherwise, nobody would by hand. */
const defaultExport = /\bexport\s+default\b|\bexport\s*(?:type\s*)?\{[^}]*\bdefault\b[^}]*\}/

async function withoutDefault(pluginDir: string, { backend, ui }: PluginManifest): Promise<PackageFinding[]> {
  const exposed = [...(ui?.pages ?? []), ...(ui?.extensions ?? [])].map(({ expose }) => `ui/${expose}.ts`)
  const found: PackageFinding[] = []
  for (const file of [...(backend ? ['server/main.ts'] : []), ...new Set(exposed)]) {
    const text = await textOfSource(pluginDir, file)
    if (text === '' || defaultExport.test(text)) continue
    const made = file === 'server/main.ts' ? ['definePlugin'] : ['definePage', 'definePanel']
    found.push(finding('source-export', { file, made }, `${file}:1`))
  }
  return found
}

/** A package has plain files only; what a link leads to may be anything, and is not there on another machine. */
async function links(pluginDir: string, { i18n, data }: PluginManifest): Promise<PackageFinding[]> {
  const patterns = [manifestPath, `${i18n.path}/*.json`, 'contracts/*', 'LICENSE', 'CHANGELOG.md']
  if (data?.migrations !== undefined) patterns.push(`${data.migrations}/**/*`)
  const found: string[] = []
  for await (const entry of glob(patterns, { cwd: pluginDir, withFileTypes: true }))
    if (entry.isSymbolicLink()) found.push(path.relative(pluginDir, path.join(entry.parentPath, entry.name)))
  return found.sort().map((file) => finding('source-link', { file }, file.split(path.sep).join('/')))
}
