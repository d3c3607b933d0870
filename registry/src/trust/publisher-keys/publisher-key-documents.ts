import type { Collection } from 'mongodb'
import type { Database } from '../../storage/database.ts'

export interface PublisherKeyDocument {
  /** Key id. */
  readonly _id: string
  /** Scope without the `@`. */
  readonly publisher: string
  /** DER in base64. */
  readonly spki: string
  /** `pending` until an administrator, or the publisher's present key, vouched for it. */
  readonly state: 'pending' | 'active' | 'revoked'
  readonly registeredBy: string
  readonly registeredAt: Date
  readonly verifiedBy: string | null
  readonly from: Date | null
  /** End of the overlap with the key that replaced it. */
  readonly until: Date | null
  readonly revoked: { readonly by: string; readonly at: Date; readonly reason: string } | null
}

export function publisherKeyCollection({ db }: Database): Collection<PublisherKeyDocument> {
  return db.collection('publisher_keys')
}

export function isActive({ state, until }: PublisherKeyDocument, at: Date): boolean {
  return state === 'active' && (until === null || until >= at)
}
