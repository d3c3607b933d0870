import type { FeedKey, SignedFeed, UiFeed } from '@dcesop/sdk-plugin/contracts'
import type { ApiClient } from '@dcesop/sdk-plugin/ui'
import { verifyFeed } from './verify.ts'

export interface FeedClient {
  /** The newest feed, verified. Rejects with ApiProblem or FeedRejected; what was composed before stays. */
  fetch(): Promise<UiFeed>
}

/**
 * The key is pinned in `index.html`, which the host serves; without a pin the first key that the host gives is kept for the
 * life of the page.
 */
export function createFeedClient(api: ApiClient, pinned: string | undefined): FeedClient {
  let key: Promise<FeedKey> | undefined
  let revision = 0

  function feedKey(): Promise<FeedKey> {
    if (key === undefined) {
      key = pinned
        ? Promise.resolve(JSON.parse(pinned) as FeedKey)
        : api.get<FeedKey>('/ui/feed-key', { background: true })
      key.catch(() => (key = undefined))
    }
    return key
  }

  return {
    async fetch() {
      const [signed, pin] = await Promise.all([api.get<SignedFeed>('/ui/feed', { background: true }), feedKey()])
      const feed = await verifyFeed(signed, pin, revision)
      revision = feed.revision
      return feed
    },
  }
}
