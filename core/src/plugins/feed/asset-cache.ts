import type { CatalogueEntry } from '../store/catalogue.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { OpenedPackage, PackageStore } from '../store/package-store.ts'
import { type AssetSet, assetsOf } from './assets.ts'

const mostSets = 40

/** Public files by package; a package is hashed again when its first file is asked for. */
export class AssetCache {
  readonly #store: PackageStore
  readonly #catalogue: Catalogue
  readonly #sets = new Map<string, Promise<AssetSet>>()

  constructor(store: PackageStore, catalogue: Catalogue) {
    this.#store = store
    this.#catalogue = catalogue
  }

  /** The files of a package that was opened for its start. */
  add(opened: OpenedPackage): Promise<AssetSet> {
    return this.#remember(opened.digest, () => Promise.resolve(assetsOf(opened)))
  }

  /** The files below `/ui/<plugin>/<slug>/`, also of a version that open tabs still use; undefined when there are none. */
  async find(plugin: string, slug: string): Promise<AssetSet | undefined> {
    const entry = await this.#entry(plugin, slug)
    return (
      entry && this.#remember(entry.digest, async () => assetsOf(await this.#store.open(entry.digest, entry.listHash)))
    )
  }

  async #entry(plugin: string, slug: string): Promise<CatalogueEntry | undefined> {
    const match = /^(.+)-([0-9a-f]{8})$/.exec(slug)
    if (!match) return undefined
    return this.#catalogue.byPrefix(plugin, match[1] as string, match[2] as string)
  }

  async #remember(digest: string, make: () => Promise<AssetSet>): Promise<AssetSet> {
    const known = this.#sets.get(digest) ?? make()
    this.#sets.delete(digest)
    this.#sets.set(digest, known)
    if (this.#sets.size > mostSets) this.#sets.delete(this.#sets.keys().next().value as string)
    known.catch(() => this.#sets.delete(digest))
    return known
  }
}
