import { type FeedKey, type SignedFeed, signedBytes, type UiFeed } from '@dcesop/sdk-plugin/contracts'
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Signs feeds with the host's Ed25519 key (RFC 8032). */
export interface FeedSigner {
  readonly keyId: string
  readonly publicKey: FeedKey
  sign(feed: UiFeed): SignedFeed
}

/** Reads the key, or makes it at the first start: readable by the host's user only. */
export async function loadFeedSigner(file: string): Promise<FeedSigner> {
  const pem = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return createKey(file)
  })
  return signerOf(createPrivateKey(pem))
}

async function createKey(file: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(pem)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  return pem
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
