import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

/** `index.html` as it is served. */
export interface ShellPage {
  readonly html: string
  /** Of this text and policy, not of the file: a kept copy must not outlive what its policy allows. */
  readonly etag: string
  readonly policy: string
}

const emptyPin = /(<meta name="dcesop-feed-key" content=")(?=")/

/**
 * The shell's page with the host's public feed key in it, so that the shell need not trust the first key that it is given.
 * Made once for each build of the shell and each policy.
 * @param file `index.html`
 * @param feedKey public key as JWK
 * @param policyOf its content security policy of now
 */
export function shellPage(file: string, feedKey: object, policyOf: () => string): () => Promise<ShellPage> {
  const pin = escapeAttribute(JSON.stringify(feedKey))
  let made: { readonly build: string; readonly page: ShellPage } | undefined

  return async () => {
    const { ino, mtimeMs, size } = await stat(file)
    const build = `${ino}-${mtimeMs}-${size}`
    const policy = policyOf()
    if (made?.build !== build || made.page.policy !== policy) {
      const html = (await readFile(file, 'utf8')).replace(emptyPin, (start) => start + pin)
      const etag = createHash('sha256').update(html).update(policy).digest('base64url')
      made = { build, page: { html, etag, policy } }
    }
    return made.page
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
