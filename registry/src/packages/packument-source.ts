import type { Scopes } from '../identity/scopes.ts'
import type { Database } from '../storage/database.ts'
import type { PackageDocument } from '../storage/documents.ts'
import type { Maintainer, PackumentForm, PackumentSource } from './packument.ts'
import { type PackageSources, type ShownPackage, shownVersions } from './shown-package.ts'

/** Members of the publisher, or owners of a package without one. */
export async function maintainersOf({ scope, owners }: PackageDocument, scopes: Scopes): Promise<Maintainer[]> {
  const names = scope === null ? owners : ((await scopes.find(scope))?.members ?? []).map(({ user }) => user)
  return names.map((name) => ({ name, email: '' }))
}

/** @param maintainers of the package; installers are not told */
export async function packumentSource(
  sources: PackageSources,
  shown: ShownPackage,
  maintainers: readonly Maintainer[],
  form: PackumentForm,
): Promise<PackumentSource> {
  const { found, tags } = shown
  const versions = await shownVersions(sources, shown)
  const readme = form === 'full' ? await readmeOf(sources.database, shown) : ''
  return { found, tags, versions, maintainers, readme }
}

async function readmeOf(database: Database, { found, tags: { latest } }: ShownPackage): Promise<string> {
  const version = await database.versions.findOne({ _id: `${found._id}@${latest}` }, { projection: { readme: 1 } })
  return version?.readme ?? ''
}
