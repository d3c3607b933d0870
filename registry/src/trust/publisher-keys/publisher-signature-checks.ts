import { createPublicKey } from 'node:crypto'
import { fileListType, openEnvelope } from '@dcesop/sdk-plugin/signing'
import type { Check, Finding, Judged } from '../../checks/check.ts'
import type { Database } from '../../storage/database.ts'
import { isActive, publisherKeyCollection, type PublisherKeyDocument } from './publisher-key-documents.ts'

const fix = 'Pack it again with "dcesop pack --key FILE", with a verified key of the publisher.'

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
        const fault = !openEnvelope(signature, fileListType, new Map([[key._id, publicKey]]))
          ? 'the signature does not fit'
          : key.publisher !== submission.scope
            ? `it is a key of @${key.publisher}`
            : !isActive(key, new Date())
              ? key.state === 'revoked'
                ? 'it was revoked'
                : 'it was replaced'
              : undefined
        if (fault === undefined) return []
        return [{ rule: 'publisher-signature-wrong', evidence: `Signed by key ${key._id}, but ${fault}.`, fix }]
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
      if (!signature) return [{ rule: 'publisher-signature-missing', evidence: 'Its publisher did not sign it.', fix }]
      const known = await keysOf(
        database,
        signature.signatures.map(({ keyid }) => keyid),
      )
      if (known.some((key) => key.publisher === submission.scope && isActive(key, new Date()))) return []
      const ids = signature.signatures.map(({ keyid }) => keyid).join(', ')
      const evidence = `Signed by ${ids.slice(0, 500)}, which @${submission.scope} has not registered and had verified.`
      return [{ rule: 'publisher-signature-unknown', evidence, fix }]
    },
  }
}

/** Keys that somebody vouched for; of one that only waits for it nothing is known. */
function keysOf(database: Database, ids: readonly string[]): Promise<PublisherKeyDocument[]> {
  return publisherKeyCollection(database)
    .find({ _id: { $in: [...ids] }, state: { $ne: 'pending' } })
    .toArray()
}
