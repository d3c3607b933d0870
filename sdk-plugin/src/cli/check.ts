import { glob, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { readSourceManifest } from '../build/plugin.ts'
import { lineOf } from '../build/json-line.ts'
import { readSourceJson, textOfSource } from '../build/read-source.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'
import { identityFindings } from '../package/manifest-rules.ts'
import { accessibilityFindings } from './accessibility.ts'
import { backendFindings } from './backend-findings.ts'
import { type Catalogue, catalogueFindings, readCatalogues } from './catalogue-findings.ts'
import { globalSelectors } from './selectors.ts'
import { sharedNames } from './shared-names.ts'
import { sourceFindings } from './source-findings.ts'
import { literalFindings, messageFindings } from './text-findings.ts'

/**
 * Everything that can be said of a plugin's source and build without running it.
 * @param options.built whether to look at what was built last, too
 */
export async function checkPlugin(pluginDir: string, { built = true } = {}): Promise<PackageFinding[]> {
  const manifest = await readSourceManifest(pluginDir)
  const catalogues = await readCatalogues(pluginDir, manifest)
  return [
    ...(await packageJsonFindings(pluginDir, manifest)),
    ...(await catalogueFindings(pluginDir, manifest, catalogues)),
    ...(await sourceFindings(pluginDir, manifest)),
    ...(await backendFindings(pluginDir, manifest)),
    ...(built ? await styleFindings(path.join(pluginDir, 'dist/ui'), manifest.id) : []),
    ...(await uiFindings(pluginDir, catalogues[manifest.i18n.default] ?? {})),
  ]
}

async function packageJsonFindings(pluginDir: string, manifest: PluginManifest): Promise<PackageFinding[]> {
  const found = identityFindings(manifest, await readSourceJson(pluginDir, 'package.json'))
  const text = await textOfSource(pluginDir, 'package.json')
  return found.map((one) => ({ ...one, at: `package.json:${lineOf(text, one.rule.replace('package-', '/'))}` }))
}

async function styleFindings(uiDir: string, id: string): Promise<PackageFinding[]> {
  const files = await readdir(uiDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const found: PackageFinding[] = []
  for (const file of files.filter((name) => name.endsWith('.css'))) {
    const css = await readFile(path.join(uiDir, file), 'utf8')
    for (const selector of globalSelectors(css, id)) found.push(finding('ui-global-selector', { file, selector, id }))
    for (const name of sharedNames(css, id)) found.push(finding('ui-global-selector.name', { file, name, id }))
  }
  return found
}

async function uiFindings(pluginDir: string, texts: Catalogue): Promise<PackageFinding[]> {
  const files: string[] = []
  for await (const file of glob('ui/**/*.{vue,ts}', { cwd: pluginDir })) files.push(file.split(path.sep).join('/'))
  const found = files.sort().map(async (file) => {
    const source = await readFile(path.join(pluginDir, file), 'utf8')
    if (file.endsWith('.ts')) return file.endsWith('.spec.ts') ? [] : messageFindings(file, source, texts)
    const inTemplate = [...accessibilityFindings(file, source), ...literalFindings(file, source)]
    return [...inTemplate, ...messageFindings(file, source, texts)]
  })
  return (await Promise.all(found)).flat()
}
