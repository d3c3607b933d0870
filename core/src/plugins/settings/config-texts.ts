import type { CatalogueEntry } from '../store/catalogue.ts'
import type { PackageStore } from '../store/package-store.ts'

/** Messages by their ids, by locale. */
export type TextsByLocale = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What a plugin's catalogues say about its settings, `config.…`: for people who see none of its screens and have none of its texts. */
export class ConfigTexts {
  readonly #store: Pick<PackageStore, 'text'>

  constructor(store: Pick<PackageStore, 'text'>) {
    this.#store = store
  }

  /** @returns none while the package's files are not here, or damaged */
  async of({ digest, manifest: { i18n } }: CatalogueEntry): Promise<TextsByLocale> {
    const texts = i18n.locales.map(async (locale) => {
      const text = (await this.#store.text(digest, `${i18n.path}/${locale}.json`)) ?? '{}'
      const own = Object.entries(JSON.parse(text) as Record<string, string>).filter(([id]) => id.startsWith('config.'))
      return [locale, Object.fromEntries(own)] as const
    })
    return Object.fromEntries(await Promise.all(texts).catch(() => []))
  }
}
