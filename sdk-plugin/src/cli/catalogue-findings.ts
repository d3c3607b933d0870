import { lineOf } from '../build/json-line.ts'
import { readSourceJson, textOfSource } from '../build/read-source.ts'
import { checkCatalogues } from '../i18n/index.ts'
import { memberPointer } from '../manifest/json-pointer.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { manifestPath } from '../package/file-list.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

export type Catalogue = Readonly<Record<string, string>>

/** Each catalogue that the manifest lists, by locale. @throws PackageError */
export async function readCatalogues(pluginDir: string, { i18n }: PluginManifest): Promise<Record<string, Catalogue>> {
  const entries = i18n.locales.map(async (locale) => {
    const catalogue = await readSourceJson(pluginDir, `${i18n.path}/${locale}.json`)
    return [locale, catalogue as Catalogue] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

export async function catalogueFindings(
  pluginDir: string,
  manifest: PluginManifest,
  catalogues: Readonly<Record<string, Catalogue>>,
): Promise<PackageFinding[]> {
  const { locales, path, default: first } = manifest.i18n
  const inCatalogues = checkCatalogues(catalogues, { locales }).map(async ({ code, locale, id, params }) => {
    const file = `${path}/${locale}.json`
    const line = lineOf(await textOfSource(pluginDir, file), memberPointer('', id))
    // What is used is not asked for here.
    const known = code as Exclude<typeof code, 'unused'>
    return finding(`i18n-${known}`, { id, locale, ...params }, `${file}:${line}`)
  })
  const text = await textOfSource(pluginDir, manifestPath)
  const unknown = manifestKeys(manifest).filter(([key]) => !Object.hasOwn(catalogues[first] ?? {}, key))
  const inManifest = unknown.map(([id, pointer]) => {
    const at = `${manifestPath}:${lineOf(text, pointer)}`
    return finding('i18n-manifest-key', { id, file: `${path}/${first}.json` }, at)
  })
  return [...(await Promise.all(inCatalogues)), ...inManifest]
}

/** Ids of messages, each with where it stands. */
function manifestKeys({ titleKey, ui, permissions }: PluginManifest): [string, string][] {
  const { defines = [], requests = [] } = permissions ?? {}
  return [
    [titleKey, '/titleKey'],
    ...(ui?.pages ?? []).map((page, at): [string, string] => [page.titleKey, `/ui/pages/${at}/titleKey`]),
    ...(ui?.pages ?? []).flatMap(({ search }, at): [string, string][] =>
      search === undefined ? [] : [[search, `/ui/pages/${at}/search`]],
    ),
    ...(ui?.extensions ?? []).map((one, at): [string, string] => [one.titleKey, `/ui/extensions/${at}/titleKey`]),
    ...defines.map((one, at): [string, string] => [one.labelKey, `/permissions/defines/${at}/labelKey`]),
    ...requests.map((one, at): [string, string] => [one.reasonKey, `/permissions/requests/${at}/reasonKey`]),
  ]
}
