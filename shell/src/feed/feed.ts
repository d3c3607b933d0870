/** What the host signs: everything that this person's shell may load. The host's `feed-types.ts` is the other side. */
export interface UiFeed {
  /** Grows with every change of what is served. */
  readonly revision: number
  readonly plugins: readonly FeedPlugin[]
  readonly unavailable: readonly FeedUnavailable[]
}

export interface FeedPlugin {
  readonly id: string
  readonly version: string
  /** Message id of the plugin's name in its own catalogue. */
  readonly titleKey: string
  readonly state: string
  /** Immutable directory of the version, with a slash at the end. */
  readonly baseUrl: string
  readonly remoteEntry: string
  readonly container: string
  readonly pages: readonly FeedPage[]
  readonly extensions: readonly FeedExtension[]
  readonly points: readonly FeedPoint[]
  /** Path relative to `baseUrl` to its hash. */
  readonly integrity: Readonly<Record<string, string>>
  /** Locale code to absolute path. */
  readonly locales: Readonly<Record<string, string>>
}

/** Installed but not serving: disabled, failed, starting or quarantined. */
export interface FeedUnavailable {
  readonly id: string
  readonly version: string
  readonly titleKey: string
  readonly state: string
  readonly since: string
  readonly pages: readonly FeedPage[]
  readonly extensions: readonly FeedExtension[]
}

export interface FeedPage {
  readonly id: string
  /** path-to-regexp pattern, for example `/customers/:region/:id`. */
  readonly path: string
  readonly expose: string
  readonly titleKey: string
  readonly icon?: string
  readonly permission?: string
  readonly order?: number
  /** False keeps the page out of the navigation. */
  readonly navigation?: boolean
}

export interface FeedExtension {
  readonly id: string
  readonly point: string
  readonly expose: string
  readonly titleKey?: string
  readonly permission?: string
  readonly order?: number
  readonly size?: { readonly columns: number; readonly rows: number }
  /** Roles on whose default dashboard a widget stands. */
  readonly defaultFor?: readonly string[]
}

export interface FeedPoint {
  readonly id: string
  readonly max?: number
  readonly budgetMs?: number
}

/** Answer of `GET /api/ui/feed`; `payload` is the JSON text of a `UiFeed`, exactly as signed. */
export interface SignedFeed {
  readonly payload: string
  readonly signature: string
  readonly keyId: string
}

/** Ed25519 public key as JWK. */
export interface FeedKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

/** How the supervisor and the cards name one thing that a plugin shows. */
export interface UnitRef {
  readonly plugin: string
  readonly version: string
  readonly expose: string
}
