import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** `SHA256:` and the base64 SHA-256 of the public key's SPKI bytes without padding: npm's form of a key id. */
export function keyIdOf(key: KeyObject): string {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' })
  return `SHA256:${createHash('sha256').update(spki).digest('base64').replace(/=+$/, '')}`
}

/** A new signing key of a publisher (Ed25519). @returns both halves as PEM */
export function newPublisherKey(): { privateKey: string; publicKey: string; keyId: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keyId: keyIdOf(publicKey),
  }
}

/** A private key of another kind than publishers sign with. */
export class OtherAlgorithm extends Error {}

/** @throws Error when the text is not a private key in PEM, OtherAlgorithm when it is not Ed25519 */
export function readPrivateKey(pem: string): KeyObject {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new OtherAlgorithm('A publisher signs with an Ed25519 key.')
  return key
}

/** Public keys by key id, from PEM texts. @throws Error when one of them is not a public key */
export function readPublicKeys(pems: readonly string[]): Map<string, KeyObject> {
  return new Map(
    pems.map((pem) => {
      const key = createPublicKey(pem)
      return [keyIdOf(key), key]
    }),
  )
}
