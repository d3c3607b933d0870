import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { readSourceManifest } from '../build/plugin.ts'
import { readSourceJson } from '../build/read-source.ts'
import { checkCatalogues } from '../i18n/index.ts'
import type { PackageFinding } from '../package/findings.ts'
import { identityFindings } from '../package/manifest-rules.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { globalSelectors } from './selectors.ts'

/** Everything that can be said of a plugin's source and build without running it. */
export async function checkPlugin(pluginDir: string): Promise<PackageFinding[]> {
  const manifest = await readSourceManifest(pluginDir)
  const catalogues = await readCatalogues(pluginDir, manifest)
  return [
    ...identityFindings(manifest, await readSourceJson(pluginDir, 'package.json')),
    ...catalogueFindings(manifest, catalogues),
    ...(await styleFindings(path.join(pluginDir, 'dist/ui'))),
  ]
}

async function readCatalogues(
  pluginDir: string,
  manifest: PluginManifest,
): Promise<Record<string, Record<string, string>>> {
  const entries = manifest.i18n.locales.map(async (locale) => {
    const catalogue = await readSourceJson(pluginDir, `${manifest.i18n.path}/${locale}.json`)
    return [locale, catalogue as Record<string, string>] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

function catalogueFindings(
  manifest: PluginManifest,
  catalogues: Record<string, Record<string, string>>,
): PackageFinding[] {
  const source = catalogues[manifest.i18n.default] ?? {}
  const unknownKeys = manifestKeys(manifest).filter((key) => !(key in source))
  return [
    ...checkCatalogues(catalogues, { locales: manifest.i18n.locales }).map(({ rule, locale, id, detail }) => ({
      rule: `i18n-${rule}`,
      evidence: `${locale}.json, "${id}": ${detail}.`,
      fix: 'Complete the catalogue.',
    })),
    ...unknownKeys.map((key) => ({
      rule: 'i18n-manifest-key',
      evidence: `The manifest names message "${key}", which its default catalogue does not have.`,
      fix: 'Add it to every catalogue.',
    })),
  ]
}

function manifestKeys(manifest: PluginManifest): string[] {
  return [
    manifest.titleKey,
    ...(manifest.ui?.pages ?? []).map((page) => page.titleKey),
    ...(manifest.ui?.extensions ?? []).map((extension) => extension.titleKey),
    ...(manifest.permissions?.defines ?? []).map((permission) => permission.labelKey),
    ...(manifest.permissions?.requests ?? []).map((request) => request.reasonKey),
  ]
}

async function styleFindings(uiDir: string): Promise<PackageFinding[]> {
  const files = await readdir(uiDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const found: PackageFinding[] = []
  for (const file of files.filter((name) => name.endsWith('.css'))) {
    for (const selector of globalSelectors(await readFile(path.join(uiDir, file), 'utf8'))) {
      found.push({
        rule: 'ui-global-selector',
        evidence: `${file} has the selector "${selector}", which reaches beyond the plugin.`,
        fix: 'Use <style scoped>, or start the selector with [data-plugin="<id>"].',
      })
    }
  }
  return found
}
