import type { KeyObject } from 'node:crypto'
import { type Envelope, signEnvelope } from '../dsse.ts'
import { checkTime, TrustError } from '../trust-error.ts'
import { openByRole, type TrustedKeys } from './key-list.ts'

export const instanceFeedType = 'application/vnd.dcesop.instance-feed+json'

/** A version whose user interface an instance may load. */
export interface OfferedUi {
  readonly id: string
  /** npm name. */
  readonly package: string
  readonly version: string
  /** Those of the instance in which it is this version; all of them, unless some follow another channel. A registry of before tells none. */
  readonly regions?: readonly string[]
  readonly titleKey: string
  /** `sha512-…` of the tarball. */
  readonly integrity: string
  /** Module Federation container. */
  readonly container: string
  /** Where a host serves the files, from its own origin on; see `uiDirectory`. */
  readonly baseUrl: string
  /** Relative to `baseUrl`. */
  readonly remoteEntry: string
  /** Path relative to `baseUrl` to `sha256-<base64>`. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * The newest approved version of each plugin with a user interface, for the regions, channels and host version of one instance. A plugin
 * of which regions follow several channels is there once for each version.
 */
export interface InstanceFeed {
  readonly instance: string
  /** Number of the snapshot that it follows from. */
  readonly snapshot: number
  readonly issuedAt: string
  readonly expires: string
  readonly plugins: readonly OfferedUi[]
}

export function signInstanceFeed(feed: InstanceFeed, key: KeyObject): Envelope {
  return signEnvelope(instanceFeedType, Buffer.from(JSON.stringify(feed)), [key])
}

/** @param options.seen number of the newest snapshot that was believed before @throws TrustError for a wrong signature, another instance, or an old feed */
export function openInstanceFeed(
  envelope: Envelope,
  keys: TrustedKeys,
  { instance, now, seen = 0 }: { instance: string; now: Date; seen?: number },
): InstanceFeed {
  const feed = openByRole<InstanceFeed>(envelope, instanceFeedType, keys, {
    role: 'snapshot',
    what: { id: 'what.feed' },
    members: ['instance', 'snapshot', 'issuedAt', 'expires', 'plugins'],
    time: ({ issuedAt }) => issuedAt,
  })
  if (feed.instance !== instance) throw new TrustError('other_subject', `The feed is that of "${feed.instance}".`)
  if (feed.snapshot < seen)
    throw new TrustError('rolled_back', `The feed follows from snapshot ${feed.snapshot}, but ${seen} was seen before.`)
  checkTime({ id: 'what.feed' }, now, new Date(feed.issuedAt), new Date(feed.expires))
  return feed
}
