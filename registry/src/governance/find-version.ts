import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { requireMatch, tagOf } from '@dcesop/sdk-plugin/http'
import type { ClientSession } from 'mongodb'
import { parseName } from '../packages/names.ts'
import type { Database } from '../storage/database.ts'
import type { VersionDocument } from '../storage/documents.ts'
import { type GovernanceDocument, governanceCollections } from './governance-documents.ts'
import { refused } from './refusals.ts'

/** Of what was decided about a version: by regions, on channels, by a yank. */
export function revisionOf({ governance, version }: FoundVersion): string {
  return tagOf([governance.regions, governance.flags, governance.channel, version.yank])
}

/** @param ifMatch the header of who decides on what they saw @throws Problem 412 */
export function requireSeen(ifMatch: string | undefined, found: FoundVersion): void {
  requireMatch(ifMatch, revisionOf(found), `Something was decided about ${found.version._id} since you read it.`)
}

export interface FoundVersion {
  readonly version: VersionDocument
  readonly governance: GovernanceDocument
  readonly manifest: PluginManifest | null
  readonly scope: string | null
}

/** @param id a plugin's id, or the full name of any package @throws Problem 404 */
export async function findVersion(
  database: Database,
  id: string,
  number: string,
  session?: ClientSession,
): Promise<FoundVersion> {
  const options = session ? { session } : {}
  const name = await packageOf(database, id)
  const _id = `${name}@${number}`
  const version = await database.versions.findOne({ _id }, options)
  const governance = await governanceCollections(database).governance.findOne({ _id }, options)
  if (!version || !governance) throw refused('unknown_version', { version: number, name })
  const manifest = version.plugin === null ? null : (JSON.parse(version.plugin) as PluginManifest)
  return { version, governance, manifest, scope: parseName(name).scope }
}

/** @throws Problem 404 */
export async function packageOf(database: Database, id: string): Promise<string> {
  if (id.startsWith('@')) return parseName(id).full
  const plugin = await governanceCollections(database).pluginIds.findOne({ _id: id })
  return plugin?.package ?? parseName(id).full
}
