import type { Catalogue, CatalogueVersion } from '../distribution/catalogue/catalogue.ts'
import type { Database } from '../storage/database.ts'
import type { PackageDocument, VersionDocument } from '../storage/documents.ts'
import { tagsLeft } from './tags-left.ts'

/** What of a version the packuments show. */
export type ShownVersion = Omit<VersionDocument, 'readme' | 'plugin' | 'checks' | 'components' | 'contracts' | 'ui'>

/** Texts are read from the database; whether a version is offered, and where tags point, is told by the log. */
export interface PackageSources {
  readonly database: Database
  readonly catalogue: Pick<Catalogue, 'current'>
}

/** A package as everybody may see it. */
export interface ShownPackage {
  readonly found: PackageDocument
  /** Offered versions, with the digest of the bytes that were published. */
  readonly integrity: ReadonlyMap<string, string>
  readonly tags: Readonly<Record<string, string>>
}

/** The versions of a package in the state that the log tells, yanked ones too. @throws Problem 503 `log_altered` */
export async function loggedVersions(
  { catalogue }: Pick<PackageSources, 'catalogue'>,
  name: string,
): Promise<readonly CatalogueVersion[]> {
  return (await catalogue.current()).packages.get(name) ?? []
}

/** A row that was put back, or changed, beside the log neither brings a yanked version back nor moves a tag. */
export async function shownPackage(sources: PackageSources, found: PackageDocument): Promise<ShownPackage> {
  const { packages, tagsOf } = await sources.catalogue.current()
  const offered = (packages.get(found._id) ?? []).filter(({ yank }) => yank === null)
  const integrity = new Map(offered.map(({ version, dist }) => [version, dist.integrity]))
  const pointing = tagsOf(found._id) ?? new Map(found.tags.map(({ tag, version }) => [tag, version]))
  return { found, integrity, tags: Object.fromEntries(tagsLeft(pointing, [...integrity.keys()])) }
}

/** Oldest first. */
export async function shownVersions(
  { database }: PackageSources,
  { found, integrity }: ShownPackage,
): Promise<ShownVersion[]> {
  const stored = (await database.versions
    .find(
      { package: found._id, version: { $in: [...integrity.keys()] } },
      { projection: { readme: 0, plugin: 0, checks: 0, components: 0, contracts: 0, ui: 0 } },
    )
    .sort({ publishedAt: 1 })
    .toArray()) as ShownVersion[]
  return stored.filter(({ version, dist }) => integrity.get(version) === dist.integrity)
}
