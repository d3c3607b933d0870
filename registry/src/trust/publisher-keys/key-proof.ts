import { Problem } from '@dcesop/sdk-plugin'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { clockSkewMs, type Envelope, envelopeOf, keyIdOf, openEnvelope } from '@dcesop/sdk-plugin/signing'

export const keyProofType = 'application/vnd.dcesop.key-proof+json'

/** What the holder of a key signs with it, to show that it is theirs and meant for this publisher. */
export interface KeyProof {
  readonly publisher: string
  /** The account that registers it. */
  readonly account: string
  readonly keyid: string
  readonly at: string
}

/** @param pem the public key @throws Problem 400 unless it is an Ed25519 key */
export function readPublisherKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem)
    // A private key would be read as well, and has no business here.
    if (key.asymmetricKeyType === 'ed25519' && /^-----BEGIN PUBLIC KEY-----/.test(pem.trim())) return key
  } catch {
    // Told below: what cannot be read is not a key.
  }
  throw new Problem(400, 'invalid_request', '"publicKey" must be an Ed25519 public key in PEM.')
}

/**
 * @param others present keys of the publisher, by id
 * @returns ids of those that signed the proof, too
 * @throws Problem 400 `key_proof_invalid`
 */
export function checkKeyProof(
  proof: unknown,
  key: KeyObject,
  { publisher, account }: Pick<KeyProof, 'publisher' | 'account'>,
  others: ReadonlyMap<string, KeyObject>,
): string[] {
  const keyid = keyIdOf(key)
  const envelope = envelopeOf(proof)
  const opened = envelope && openEnvelope(envelope, keyProofType, new Map([[keyid, key]]))
  if (!envelope || !opened) throw invalid('It is not signed by the key itself.')
  const claim = claimOf(opened.payload)
  const age = Date.now() - Date.parse(claim.at)
  if (claim.publisher !== publisher || claim.account !== account || claim.keyid !== keyid)
    throw invalid(`It must name publisher "${publisher}", account "${account}" and key "${keyid}".`)
  if (!(Math.abs(age) <= clockSkewMs))
    throw invalid(
      `It was made at another time than now, ${new Date().toISOString()}, give or take five minutes: set the clock of the machine that makes it.`,
    )
  return [...(openEnvelope(envelope as Envelope, keyProofType, others)?.signers ?? [])]
}

function claimOf(payload: Buffer): Partial<KeyProof> & { at: string } {
  try {
    return JSON.parse(payload.toString('utf8')) as KeyProof
  } catch {
    throw invalid('Its payload is not JSON.')
  }
}

function invalid(why: string): Problem {
  return new Problem(400, 'key_proof_invalid', `The proof of possession does not hold. ${why}`)
}
