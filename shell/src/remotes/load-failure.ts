import type { FeedPlugin } from '../feed/feed.ts'

/** Longer than this nobody waits for the reason of a failure. */
const mostMs = 2000

export type LoadFailureCode =
  /** The host has no such file. */
  | 'remote_missing'
  /** A file is not the one of the signed feed. */
  | 'remote_damaged'
  /** No answer, or none that the host meant. */
  | 'remote_unreachable'
  /** All files are there and right: their own code failed. */
  | 'remote_failed'

/** Why a remote did not load; the federation runtime says little more than that it did not. */
export class RemoteLoadError extends Error {
  readonly code: LoadFailureCode
  constructor(code: LoadFailureCode, detail: string, cause: unknown) {
    super(`${code}: ${detail}`, { cause })
    this.code = code
  }
}

/** Looks at a version's scripts as the browser has them, which is from its cache where they are there. */
export async function loadFailure(
  { baseUrl, integrity }: Pick<FeedPlugin, 'baseUrl' | 'integrity'>,
  cause: unknown,
): Promise<RemoteLoadError> {
  const signal = AbortSignal.timeout(mostMs)
  for (const [name, hash] of Object.entries(integrity).filter(([file]) => file.endsWith('.js'))) {
    const found = await problemOf(baseUrl + name, hash, signal)
    if (found) return new RemoteLoadError(found, name, cause)
  }
  return new RemoteLoadError('remote_failed', cause instanceof Error ? cause.message : String(cause), cause)
}

async function problemOf(url: string, hash: string, signal: AbortSignal): Promise<LoadFailureCode | undefined> {
  try {
    const answer = await fetch(url, { signal })
    if (answer.status === 404 || answer.status === 410) return 'remote_missing'
    if (!answer.ok) return 'remote_unreachable'
    return (await matches(await answer.arrayBuffer(), hash)) ? undefined : 'remote_damaged'
  } catch {
    // Refused, cut off or late: in each case the file did not come.
    return 'remote_unreachable'
  }
}

/** @param hash as in subresource integrity */
async function matches(content: ArrayBuffer, hash: string): Promise<boolean> {
  const [algorithm = '', expected] = hash.split(/-(.*)/)
  const digest = await crypto.subtle.digest(algorithm.replace('sha', 'SHA-'), content)
  return btoa(String.fromCharCode(...new Uint8Array(digest))) === expected
}
