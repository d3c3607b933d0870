import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { readSourceManifest } from '../build/source-manifest.ts'
import { lineOf } from '../build/json-line.ts'
import { readSourceJson, textOfSource } from '../build/read-source.ts'
import type { PluginManifest } from '../manifest/types.ts'
import type { PackageFinding } from '../findings/finding.ts'
import { identityFindings } from '../package/manifest-rules.ts'
import { styleFindings } from '../package/styles/style-findings.ts'
import { accessibilityFindings } from './accessibility.ts'
import { backendFindings } from './backend-findings.ts'
import { type Catalogue, catalogueFindings, readCatalogues } from './catalogue-findings.ts'
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
    ...(built ? styleFindings(await builtStyles(pluginDir), manifest) : []),
    ...(await uiFindings(pluginDir, catalogues[manifest.i18n.default] ?? {})),
  ]
}

async function packageJsonFindings(pluginDir: string, manifest: PluginManifest): Promise<PackageFinding[]> {
  const found = identityFindings(manifest, await readSourceJson(pluginDir, 'package.json'))
  const text = await textOfSource(pluginDir, 'package.json')
  return found.map((one) => ({ ...one, at: `package.json:${lineOf(text, one.rule.replace('package-', '/'))}` }))
}

async function builtStyles(pluginDir: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for await (const file of glob('dist/ui/**/*.css', { cwd: pluginDir }))
    files.set(file.split(path.sep).join('/'), await readFile(path.join(pluginDir, file)))
  return files
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
