import type { ExtensionDeclaration, PageDeclaration, PointDeclaration } from '../manifest/types.ts'

/** What `GET /api/ui/feed` signs: everything that this person's shell may load. */
export interface UiFeed {
  /** Grows with every change of what is served, also over restarts. */
  readonly revision: number
  readonly plugins: readonly FeedPlugin[]
  readonly unavailable: readonly FeedUnavailable[]
}

export type FeedPage = Readonly<PageDeclaration>
export type FeedExtension = Readonly<ExtensionDeclaration>
export type FeedPoint = Readonly<PointDeclaration>

/** One plugin whose UI this person may load. */
export interface FeedPlugin {
  readonly id: string
  readonly version: string
  /** Message id of the plugin's name in its own catalogue. */
  readonly titleKey: string
  readonly state: 'active' | 'degraded'
  /** Immutable directory of the version, see `isUiDirectory`. */
  readonly baseUrl: string
  /** Relative to `baseUrl`. */
  readonly remoteEntry: string
  /** Module Federation container, see `containerName`. */
  readonly container: string
  readonly pages: readonly FeedPage[]
  readonly extensions: readonly FeedExtension[]
  readonly points: readonly FeedPoint[]
  /** Path relative to `baseUrl` to `sha384-<base64>`, for every file below it, locales included. */
  readonly integrity: Readonly<Record<string, string>>
  /** Locale code to absolute path. */
  readonly locales: Readonly<Record<string, string>>
  /** Directories of its other versions that must not be shown any more, for safety: they are replaced without asking. */
  readonly withdrawn?: readonly string[]
  /** A build of `dcesop dev`, in the feed of its author's session only: replaces what is on screen without asking. */
  readonly dev?: true
}

/** An installed plugin that does not serve now: what to show a fallback card for. */
export interface FeedUnavailable {
  readonly id: string
  readonly version: string
  readonly titleKey: string
  /** `disabled`, `failed`, `starting` or `quarantined`. */
  readonly state: string
  /** Code of the host's reason, without what it is about: that is for administrators. */
  readonly cause?: string
  readonly since: string
  readonly pages: readonly FeedPage[]
  readonly extensions: readonly FeedExtension[]
}

/** Ed25519 public key as JWK (RFC 8037). */
export interface FeedKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

/** Answer of `GET /api/ui/feed`: the feed as the text that was signed, so that nobody has to canonicalise. */
export interface SignedFeed {
  /** JSON text of a `UiFeed`. */
  readonly payload: string
  /** Ed25519 (RFC 8032) over `signedBytes(payload)`, base64. */
  readonly signature: string
  readonly keyId: string
  /** The key also served at `/api/ui/feed-key`; a reader trusts its own pin, never this one. */
  readonly publicKey: FeedKey
}

/** The bytes that a feed's signature covers: the payload in UTF-8, exactly as sent. */
export function signedBytes(payload: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(payload)
}

/** Name of a remote's container and of its webpack runtime: carries the version, so that two versions live side by side in one page. */
export function containerName(id: string, version: string): string {
  return `dcesop_${id}_${version}`.replaceAll(/\W/g, '_')
}

/** Where the files of one package are served: `/ui/<id>/<version>-<first 8 digits of its digest>/`. */
export function uiDirectory(id: string, version: string, digest: string): string {
  return `/ui/${id}/${version}-${digest.slice(0, 8)}/`
}

/** Whether an address is a directory that `uiDirectory` gives for this version of the plugin, whatever the digest. */
export function isUiDirectory(url: string, id: string, version: string): boolean {
  const start = `/ui/${id}/${version}-`
  return url.startsWith(start) && /^[0-9a-f]{8}\/$/.test(url.slice(start.length))
}
