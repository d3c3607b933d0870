import { signPackage } from '@dcesop/sdk-plugin/signing'
import { nextRevision } from '../../packages/revision.ts'
import type { Database } from '../../storage/database.ts'
import type { TransparencyLog } from '../log/transparency-log.ts'
import { trustCollections } from '../trust-documents.ts'
import type { RegistryKeys } from './registry-keys.ts'

/**
 * Signs again, with the present key, what only revoked keys signed, if its bytes are those that the log says were published.
 * Does nothing for what is done, so that it can be run again after a crash. @returns how many versions
 */
export async function resignVersions(database: Database, keys: RegistryKeys, log: TransparencyLog): Promise<number> {
  const revoked = keys.trusted.list.revoked.map(({ keyid }) => keyid)
  if (revoked.length === 0) return 0
  const affected = await database.versions
    .find({ 'dist.signatures.keyid': { $in: revoked } }, { projection: { package: 1, version: 1, dist: 1 } })
    .toArray()
  let resigned = 0
  for (const { _id, package: name, version, dist } of affected) {
    const kept = (dist.signatures ?? []).filter(({ keyid }) => !revoked.includes(keyid))
    const published = await publishedIntegrity(database, _id)
    // A thief of the key may have put other bytes into the database as well.
    const sound = published === dist.integrity
    const fresh =
      sound && kept.length === 0
        ? [signPackage({ name, version, integrity: dist.integrity }, keys.signer('package'))]
        : []
    await database.transaction(async (session) => {
      await database.versions.updateOne({ _id }, { $set: { 'dist.signatures': [...kept, ...fresh] } }, { session })
      const found = await database.packages.findOne({ _id: name }, { session, projection: { rev: 1 } })
      const change = { rev: nextRevision(found?.rev), modifiedAt: new Date() }
      await database.packages.updateOne({ _id: name }, { $set: change }, { session })
      const body = { sound, keyids: [...kept, ...fresh].map(({ keyid }) => keyid) }
      await log.append({ kind: 'version.resigned', subject: _id, actor: 'registry', body, package: name }, session)
    })
    resigned += 1
  }
  return resigned
}

async function publishedIntegrity(database: Database, id: string): Promise<unknown> {
  const entry = await trustCollections(database).log.findOne({ subject: id, kind: 'version.published' })
  if (!entry) return undefined
  return (JSON.parse(entry.text) as { body: { integrity: unknown } }).body.integrity
}
