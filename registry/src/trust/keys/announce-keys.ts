import { createHash } from 'node:crypto'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import type { Database } from '../../storage/database.ts'
import type { TransparencyLog } from '../log/transparency-log.ts'
import { type KeysState, trustCollections } from '../trust-documents.ts'
import type { RegistryKeys } from './registry-keys.ts'

/**
 * Puts the present list of keys into the log, unless it is there: at the start, too, in case the process died between the file and the log.
 * @throws StartRefused for a list older than the one in the log
 */
export async function announceKeys(
  keys: RegistryKeys,
  database: Database,
  log: TransparencyLog,
  actor: string,
): Promise<void> {
  const { state } = trustCollections(database)
  await database.transaction(async (session) => {
    const known = (await state.findOne({ _id: 'keys' }, { session })) as KeysState | null
    // Of now: while it waited, another change may have been announced, by another process too.
    if (known && known.version > keys.trusted.list.version) await keys.reload()
    const { list } = keys.trusted
    if (known && known.version > list.version)
      throw new StartRefused(
        `The list of keys has version ${list.version}, but ${known.version} was in use: an old copy was put back.`,
      )
    if (known?.version === list.version) return
    await state.updateOne({ _id: 'keys' }, { $set: { version: list.version } }, { upsert: true, session })
    const digest = createHash('sha256').update(Buffer.from(keys.envelope.payload, 'base64')).digest('hex')
    const body = {
      version: list.version,
      sha256: digest,
      keys: list.keys.map(({ keyid, role, until }) => ({ keyid, role, until })),
      revoked: list.revoked,
    }
    await log.append({ kind: 'keys.changed', subject: 'keys', actor, body }, session)
  })
}
