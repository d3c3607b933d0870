import { type FileList, fileListPath } from '@dcesop/sdk-plugin/package'
import type { PackageStore } from '../store/package-store.ts'

/** How much of the disk the files of packages take, as their own lists say. */
export class PackageSizes {
  readonly #store: Pick<PackageStore, 'text'>
  /** By digest: a package never changes. */
  readonly #known = new Map<string, number>()

  constructor(store: Pick<PackageStore, 'text'>) {
    this.#store = store
  }

  /** @param digest hex SHA-512 of the package @returns bytes; null while this host does not have the package, or has it damaged */
  async of(digest: string): Promise<number | null> {
    const known = this.#known.get(digest)
    if (known !== undefined) return known
    const bytes = await this.#read(digest).catch(() => null)
    if (bytes !== null) this.#known.set(digest, bytes)
    return bytes
  }

  async #read(digest: string): Promise<number | null> {
    const list = await this.#store.text(digest, fileListPath)
    if (list === undefined) return null
    return Object.values(JSON.parse(list) as FileList).reduce((sum, { size }) => sum + size, 0)
  }
}
