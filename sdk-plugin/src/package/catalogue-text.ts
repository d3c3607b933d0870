import { hiddenCharacterIn } from '../manifest/hidden-characters.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { parseObject } from './content-rules.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

/** The plugin's name and reasons stand on the screens of those who decide about it. */
export function catalogueTextFindings(files: ReadonlyMap<string, Buffer>, { i18n }: PluginManifest): PackageFinding[] {
  return i18n.locales.flatMap((locale) => {
    const path = `${i18n.path}/${locale}.json`
    const content = files.get(path)
    const found = content && hiddenCharacterIn(parseObject(content))
    if (!found) return []
    return [finding('package-hidden-character', { path, ...found })]
  })
}
