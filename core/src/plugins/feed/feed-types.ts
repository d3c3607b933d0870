import type { ExtensionDeclaration, PageDeclaration, PointDeclaration } from '@dcesop/sdk-plugin/manifest'

/** One plugin whose UI may be loaded by this user. */
export interface FeedPlugin {
  readonly id: string
  readonly version: string
  readonly titleKey: string
  readonly state: 'active' | 'degraded'
  /** `/ui/<id>/<version>-<hash8>/`, immutable. */
  readonly baseUrl: string
  /** Relative to `baseUrl`. */
  readonly remoteEntry: string
  /** Module Federation container, `dcesop_<id>_<version>` with non-word characters as `_`. */
  readonly container: string
  readonly pages: readonly PageDeclaration[]
  readonly extensions: readonly ExtensionDeclaration[]
  readonly points: readonly PointDeclaration[]
  /** Path relative to `baseUrl` to `sha384-<base64>`, for every file below it, locales included. */
  readonly integrity: Readonly<Record<string, string>>
  /** Locale code to absolute path. */
  readonly locales: Readonly<Record<string, string>>
}

/** An installed plugin that does not serve now: what to show a fallback card for. */
export interface FeedUnavailable {
  readonly id: string
  readonly version: string
  readonly titleKey: string
  /** `disabled`, `failed`, `starting`, `quarantined`. */
  readonly state: string
  readonly since: string
  readonly pages: readonly PageDeclaration[]
  readonly extensions: readonly ExtensionDeclaration[]
}

/** What `GET /api/ui/feed` signs. */
export interface UiFeed {
  /** Grows with every change of what is served, also over restarts. */
  readonly revision: number
  readonly plugins: readonly FeedPlugin[]
  readonly unavailable: readonly FeedUnavailable[]
}

/**
 * Answer of `GET /api/ui/feed`. `payload` is the JSON text of a `UiFeed`, exactly as signed (UTF-8), so that nobody has to
 * canonicalise; `signature` is Ed25519 over its bytes, base64. `publicKey` is the JWK also served at `/api/ui/feed-key`.
 */
export interface SignedFeed {
  readonly payload: string
  readonly signature: string
  readonly keyId: string
  readonly publicKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
}
