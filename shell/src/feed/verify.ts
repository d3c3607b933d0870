import {
  containerName,
  isUiDirectory,
  signedBytes,
  type FeedKey,
  type SignedFeed,
  type UiFeed,
} from '@dcesop/sdk-plugin/contracts'

/** The feed must not be used: forged, damaged, or older than one that was already accepted. */
export class FeedRejected extends Error {
  override readonly name = 'FeedRejected'
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => {
  const text = atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function parseFeed(payload: string): UiFeed {
  const feed = JSON.parse(payload) as Partial<UiFeed> | null
  if (!Number.isSafeInteger(feed?.revision) || !Array.isArray(feed?.plugins) || !Array.isArray(feed.unavailable))
    throw new FeedRejected('The feed lacks its revision, plugins or unavailable plugins.')
  for (const plugin of feed.plugins) checkPlugin(plugin)
  return feed as UiFeed
}

/** A plugin's files may only lie in its own immutable directory on this origin. */
function checkPlugin({ id, version, baseUrl, container, integrity, remoteEntry }: UiFeed['plugins'][number]): void {
  if (!isUiDirectory(baseUrl, id, version))
    throw new FeedRejected(`The files of ${id} ${version} lie outside its directory: ${baseUrl}`)
  const expected = containerName(id, version)
  if (container !== expected)
    throw new FeedRejected(`${id} ${version} names the container ${container}, not ${expected}.`)
  if (integrity[remoteEntry] === undefined) throw new FeedRejected(`${id} ${version} vouches for no ${remoteEntry}.`)
}

/**
 * Verifies the signature over the payload's `signedBytes` and only then reads it.
 * @param minimumRevision the newest revision accepted so far: an older one would undo a disabling
 * @throws FeedRejected
 */
export async function verifyFeed(signed: SignedFeed, key: FeedKey, minimumRevision = 0): Promise<UiFeed> {
  const publicKey = await crypto.subtle.importKey('jwk', { ...key }, 'Ed25519', false, ['verify'])
  const valid = await crypto.subtle.verify('Ed25519', publicKey, bytesOf(signed.signature), signedBytes(signed.payload))
  if (!valid) throw new FeedRejected('The signature of the feed is not the host’s.')
  const feed = parseFeed(signed.payload)
  if (feed.revision < minimumRevision)
    throw new FeedRejected(`The feed is of revision ${feed.revision}, but ${minimumRevision} was already seen.`)
  return feed
}
