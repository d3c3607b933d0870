import { Problem } from '@dcesop/sdk-plugin'
import { signPackage } from '@dcesop/sdk-plugin/signing'
import type { ClientSession } from 'mongodb'
import semver from 'semver'
import { governanceCollections } from '../../governance/governance-documents.ts'
import type { PublishParticipant } from '../../packages/publish/publisher.ts'
import type { Database } from '../../storage/database.ts'
import type { VersionDocument } from '../../storage/documents.ts'
import type { RegistryKeys } from '../keys/registry-keys.ts'
import { sha256 } from '../log/replayed-log.ts'
import type { TransparencyLog } from '../log/transparency-log.ts'
import { isActive, publisherKeyCollection } from '../publisher-keys/publisher-key-documents.ts'

export interface RecordPublishDeps {
  readonly database: Database
  readonly keys: RegistryKeys
  readonly log: TransparencyLog
  /** From the least to the most stable. */
  readonly channels: readonly string[]
}

/** With a new version, in one transaction: its plugin id, its place in governance, the registry's signature, and the entry in the log. */
export function recordPublish({ database, keys, log, channels }: RecordPublishDeps): PublishParticipant {
  const { governance, pluginIds } = governanceCollections(database)
  return async (version, tags, session) => {
    const { _id, package: name, dist, kind, publishedBy, size, checks, ui } = version
    // A version whose row was taken out of the database was there all the same.
    if (await log.first({ subject: _id, kind: 'version.published' }))
      throw new Problem(409, 'version_exists', `${_id} was published already; a version never changes.`)
    const plugin = version.plugin === null ? null : (JSON.parse(version.plugin) as { id: string }).id
    if (plugin !== null) await claim(plugin, name, session)
    const signers = await activeSigners(database, version, session)
    const channel = channelFor(version.version, channels)
    await governance.insertOne(
      {
        _id,
        package: name,
        version: version.version,
        plugin,
        channel,
        flags: [],
        signers,
        regions: [],
      },
      { session },
    )
    const signature = signPackage({ name, version: version.version, integrity: dist.integrity }, keys.signer('package'))
    const results = checks.map(({ check, state }) => ({ check, state }))
    const { keyid } = signature
    const body = {
      ...{ integrity: dist.integrity, size, kind, plugin, channel, tags, signers, checks: results, keyid },
      ...(ui !== undefined && { ui: sha256(ui) }),
    }
    await log.append({ kind: 'version.published', subject: _id, actor: publishedBy, body, package: name }, session)
    return { signatures: [signature] }
  }

  /** @throws Problem 409 when another package has the id */
  async function claim(id: string, name: string, session: ClientSession): Promise<void> {
    await pluginIds.updateOne({ _id: id }, { $setOnInsert: { package: name } }, { upsert: true, session })
    const holder = await pluginIds.findOne({ _id: id }, { session })
    if (holder?.package === name) return
    throw new Problem(
      409,
      'plugin_id_taken',
      `The plugin id "${id}" is that of ${holder?.package}; choose another id, and a name to match.`,
    )
  }
}

/** The keys behind a version's signatures, which a check found to fit. A key may have been revoked since: then nothing is published. */
async function activeSigners(
  database: Database,
  { _id, signedBy, package: name }: VersionDocument,
  session: ClientSession,
): Promise<string[]> {
  if (signedBy.length === 0) return []
  const found = await publisherKeyCollection(database)
    .find({ _id: { $in: [...signedBy] }, state: { $ne: 'pending' } }, { session })
    .toArray()
  const scope = name.slice(1).split('/')[0]
  const wrong = found.find((key) => key.publisher !== scope || !isActive(key, new Date()))
  if (wrong)
    throw new Problem(422, 'package_refused', `${_id} is signed by key ${wrong._id}, which is not good any more.`)
  return found.map((key) => key._id)
}

function channelFor(version: string, channels: readonly string[]): string {
  const [least] = channels
  return (semver.prerelease(version) ? least : channels.at(-1)) as string
}
