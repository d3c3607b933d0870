import type { CatalogueEntry } from '../store/catalogue.ts'
import type { PackageStore } from '../store/package-store.ts'

/** Names of plugins by locale, out of their catalogues: for people who see none of their screens and so have none of their texts. */
export class PluginTitles {
  readonly #store: Pick<PackageStore, 'text'>
  /** By digest: a package never changes. */
  readonly #known = new Map<string, Readonly<Record<string, string>>>()

  constructor(store: Pick<PackageStore, 'text'>) {
    this.#store = store
  }

  /** @returns none while the package's files are not here, or damaged */
  async of(entry: CatalogueEntry): Promise<Readonly<Record<string, string>>> {
    const known = this.#known.get(entry.digest)
    if (known) return known
    const titles = await this.#read(entry).catch(() => ({}))
    if (Object.keys(titles).length > 0) this.#known.set(entry.digest, titles)
    return titles
  }

  async #read({ digest, manifest: { titleKey, i18n } }: CatalogueEntry): Promise<Readonly<Record<string, string>>> {
    const titles = await Promise.all(
      i18n.locales.map(async (locale): Promise<[string, string][]> => {
        const text = await this.#store.text(digest, `${i18n.path}/${locale}.json`)
        const title = text === undefined ? undefined : (JSON.parse(text) as Record<string, string>)[titleKey]
        return title === undefined ? [] : [[locale, title]]
      }),
    )
    return Object.fromEntries(titles.flat())
  }
}
