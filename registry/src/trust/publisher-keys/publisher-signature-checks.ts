import { createPublicKey } from 'node:crypto'
import { fileListType, openEnvelope } from '@dcesop/sdk-plugin/signing'
import type { Check, Finding, Judged } from '../../checks/check.ts'
import { finding } from '../../checks/findings.ts'
import type { Database } from '../../storage/database.ts'
import { isActive, publisherKeyCollection, type PublisherKeyDocument } from './publisher-key-documents.ts'

const mostKeysTold = 5
/** What is signed by nobody known may call its key as it likes. */
const longestKeyId = 100

/** A signature by a key that the registry knows must be the publisher's, good now, and fit. */
export function publisherSignatureCheck(database: Database): Check<Judged> {
  return {
    id: 'publisher-signature',
    async run({ submission, facts: { signature } }): Promise<Finding[]> {
      if (!signature) return []
      const known = await keysOf(
        database,
        signature.signatures.map(({ keyid }) => keyid),
      )
      return known.flatMap((key): Finding[] => {
        const publicKey = createPublicKey({ key: Buffer.from(key.spki, 'base64'), format: 'der', type: 'spki' })
        const { _id: keyid, publisher } = key
        if (!openEnvelope(signature, fileListType, new Map([[keyid, publicKey]])))
          return [finding('publisher-signature-wrong.bytes', { keyid })]
        if (publisher !== submission.scope) return [finding('publisher-signature-wrong.other', { keyid, publisher })]
        if (isActive(key, new Date())) return []
        const state = key.state === 'revoked' ? 'revoked' : 'replaced'
        return [finding(`publisher-signature-wrong.${state}`, { keyid })]
      })
    },
  }
}

/** A plugin is signed by a verified key of its publisher. */
export function signedByPublisherCheck(database: Database): Check<Judged> {
  return {
    id: 'signed-by-publisher',
    async run({ submission, facts: { signature, kind } }): Promise<Finding[]> {
      if (kind !== 'plugin') return []
      if (!signature) return [finding('publisher-signature-missing')]
      const known = await keysOf(
        database,
        signature.signatures.map(({ keyid }) => keyid),
      )
      if (known.some((key) => key.publisher === submission.scope && isActive(key, new Date()))) return []
      const keys = signature.signatures.slice(0, mostKeysTold).map(({ keyid }) => keyid.slice(0, longestKeyId))
      return [finding('publisher-signature-unknown', { keys, publisher: submission.scope ?? '' })]
    },
  }
}

/** Keys that somebody vouched for; of one that only waits for it nothing is known. */
function keysOf(database: Database, ids: readonly string[]): Promise<PublisherKeyDocument[]> {
  return publisherKeyCollection(database)
    .find({ _id: { $in: [...ids] }, state: { $ne: 'pending' } })
    .toArray()
}
