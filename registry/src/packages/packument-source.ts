import type { Scopes } from '../identity/scopes.ts'
import type { Database } from '../storage/database.ts'
import type { PackageDocument } from '../storage/documents.ts'
import { type Maintainer, type PackumentForm, type PackumentSource, shownVersions } from './packument.ts'

/** Members of the publisher, or owners of a package without one. */
export async function maintainersOf({ scope, owners }: PackageDocument, scopes: Scopes): Promise<Maintainer[]> {
  const names = scope === null ? owners : ((await scopes.find(scope))?.members ?? []).map(({ user }) => user)
  return names.map((name) => ({ name, email: '' }))
}

/** @param maintainers of the package; installers are not told */
export async function packumentSource(
  database: Database,
  found: PackageDocument,
  maintainers: readonly Maintainer[],
  form: PackumentForm,
): Promise<PackumentSource> {
  const versions = await shownVersions(database, found._id)
  const readme = form === 'full' ? await readmeOf(database, found) : ''
  return { found, versions, maintainers, readme }
}

async function readmeOf(database: Database, { _id, tags }: PackageDocument): Promise<string> {
  const latest = tags.find(({ tag }) => tag === 'latest')?.version
  const version = await database.versions.findOne({ _id: `${_id}@${latest}` }, { projection: { readme: 1 } })
  return version?.readme ?? ''
}
