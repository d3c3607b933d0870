export type {
  FeedExtension,
  FeedKey,
  FeedPage,
  FeedPlugin,
  FeedPoint,
  FeedUnavailable,
  SignedFeed,
  UiFeed,
} from '@dcesop/sdk-plugin/contracts'

/** How the supervisor and the cards name one thing that a plugin shows. */
export interface UnitRef {
  readonly plugin: string
  readonly version: string
  readonly expose: string
}
