import { type FeedKey, type SignedFeed, signedBytes, type UiFeed } from '@dcesop/sdk-plugin/contracts'
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { loadHostKey } from './host-key.ts'

/** Signs feeds with the host's Ed25519 key (RFC 8032). */
export interface FeedSigner {
  readonly keyId: string
  readonly publicKey: FeedKey
  sign(feed: UiFeed): SignedFeed
}

/** With the key in the file, made at the first start. */
export async function loadFeedSigner(file: string): Promise<FeedSigner> {
  return signerOf(await loadHostKey(file))
}

function signerOf(key: KeyObject): FeedSigner {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  const publicKey: FeedKey = { kty: 'OKP', crv: 'Ed25519', x: x as string }
  const keyId = createHash('sha256').update(publicKey.x).digest('hex').slice(0, 16)
  return {
    keyId,
    publicKey,
    sign(feed) {
      const payload = JSON.stringify(feed)
      return { payload, signature: sign(null, signedBytes(payload), key).toString('base64'), keyId, publicKey }
    },
  }
}
