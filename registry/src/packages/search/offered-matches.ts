import type { PackageDocument } from '../../storage/documents.ts'
import { sourceOf } from '../publish/publisher.ts'
import { type PackageSources, type ShownPackage, shownPackage } from '../shown-package.ts'
import { summaryOf } from './summary.ts'

/**
 * The matches as the log lets everybody see them: without a package of which nothing is offered, and each by the version that its
 * packument calls the latest, whatever was written into its row beside the log.
 */
export async function offeredOf(
  sources: PackageSources,
  matches: readonly PackageDocument[],
): Promise<readonly PackageDocument[]> {
  const state = await sources.catalogue.current()
  const atOnce = { ...sources, catalogue: { current: () => Promise.resolve(state) } }
  const offered = await Promise.all(matches.map(async (match) => byLatest(sources, await shownPackage(atOnce, match))))
  return offered.filter((match) => match !== undefined)
}

async function byLatest(
  { database }: PackageSources,
  { found, tags }: ShownPackage,
): Promise<PackageDocument | undefined> {
  const { latest } = tags
  if (latest === undefined) return undefined
  if (latest === found.search.version) return found
  const version = await database.versions.findOne({ _id: `${found._id}@${latest}` })
  return version
    ? { ...found, search: { ...summaryOf(sourceOf(version)), deprecated: version.deprecated !== null } }
    : undefined
}
