import { createPublicKey, type KeyObject } from 'node:crypto'
import { PackageError } from '../../package/findings.ts'
import { type PluginPackage, readPackage } from '../../package/read.ts'
import { keyIdOf } from '../../signing/keys.ts'
import { publisherEnvelope, publisherSignature } from '../../signing/publisher-signature.ts'
import type { Snapshot } from '../../signing/registry/snapshot.ts'
import { failed, joined, open, type Report, verified } from './report.ts'

/**
 * Checks a tarball as every host does, and its publisher's signature.
 * @param publishers keys that are believed; undefined when the caller has none
 */
export async function verifyTarball(
  bytes: Buffer,
  publishers: ReadonlyMap<string, KeyObject> | undefined,
): Promise<Report & { readonly opened?: PluginPackage }> {
  try {
    const opened = await readPackage(bytes)
    const { manifest, files, sha512 } = opened
    const content = verified(
      `${manifest.id} ${manifest.version}, sha512 ${sha512.slice(0, 16)}…: ${files.size} files, each as its list says, nothing that is refused`,
    )
    return { ...joined([content, signature(files, publishers)]), opened }
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    return failed(...error.findings.map(({ rule, evidence }) => `${rule}: ${evidence}`))
  }
}

function signature(files: ReadonlyMap<string, Buffer>, publishers: ReadonlyMap<string, KeyObject> | undefined): Report {
  const claimed = (publisherEnvelope(files)?.signatures ?? []).map(({ keyid }) => keyid)
  if (claimed.length === 0) {
    const sentence = 'publisher: the package is not signed'
    return publishers === undefined ? open(sentence) : failed(sentence)
  }
  if (publishers === undefined) return open(`publisher: signed by ${claimed.join(', ')}; give --keys to check it`)
  const found = publisherSignature(files, publishers)
  if (found) return verified(`publisher: signed by ${found.signers.join(', ')}`)
  return failed(`publisher: none of ${claimed.join(', ')} is a key that you pinned, or the signature does not fit`)
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
