import { createPublicKey, type KeyObject } from 'node:crypto'
import { PackageError } from '../../findings/finding.ts'
import { type PluginPackage, readPackage } from '../../package/read.ts'
import { keyIdOf } from '../../signing/keys.ts'
import { publisherEnvelope, publisherSignature } from '../../signing/publisher-signature.ts'
import type { Snapshot } from '../../signing/registry/snapshot.ts'
import { failed, joined, open, type Report, verified } from './report.ts'
import { evidenceOf, t } from '../text/text.ts'

/**
 * Checks a tarball as every host does, and its publisher's signature.
 * @param publishers keys that are believed; undefined when the caller has none
 * @param scope whose keys they are, by the registry; left out, the caller pinned them
 */
export async function verifyTarball(
  bytes: Buffer,
  publishers: ReadonlyMap<string, KeyObject> | undefined,
  scope?: string,
): Promise<Report & { readonly opened?: PluginPackage }> {
  try {
    const opened = await readPackage(bytes)
    const { manifest, files, sha512 } = opened
    const { id, version } = manifest
    const content = verified(t('verify.content', { id, version, sha512: sha512.slice(0, 16), files: files.size }))
    return { ...joined([content, signature(files, publishers, scope)]), opened }
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    return failed(...error.findings.map((one) => `${one.rule}: ${evidenceOf(one)}`))
  }
}

function signature(
  files: ReadonlyMap<string, Buffer>,
  publishers: ReadonlyMap<string, KeyObject> | undefined,
  scope: string | undefined,
): Report {
  const claimed = (publisherEnvelope(files)?.signatures ?? []).map(({ keyid }) => keyid)
  if (claimed.length === 0) {
    const sentence = t('verify.unsigned')
    return publishers === undefined ? open(sentence) : failed(sentence)
  }
  const keys = claimed.join(', ')
  if (publishers === undefined) return open(t('verify.claimed', { keys }))
  const found = publisherSignature(files, publishers)
  if (found) return verified(t('verify.signers', { keys: found.signers.join(', ') }))
  return failed(scope === undefined ? t('verify.noPinned', { keys }) : t('verify.noKnown', { keys, scope }))
}

/** The verified keys of the publisher that a package's name says, as the registry's snapshot has them. */
export function publisherKeys(snapshot: Snapshot, packageName: string): Map<string, KeyObject> {
  const publisher = packageName.split('/')[0]?.replace('@', '') ?? ''
  const listed = snapshot.publishers[publisher] ?? []
  return new Map(
    listed.map(({ spki }) => {
      const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
      return [keyIdOf(key), key]
    }),
  )
}
