import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

/** `index.html` as it is served. */
export interface ShellPage {
  readonly html: string
  /** Of this text, not of the file. */
  readonly etag: string
}

const emptyPin = /(<meta name="dcesop-feed-key" content=")(?=")/

/**
 * The shell's page with the host's public feed key in it, so that the shell need not trust the first key that it is given.
 * Made once for each build of the shell.
 * @param file `index.html`
 * @param feedKey public key as JWK
 */
export function shellPage(file: string, feedKey: object): () => Promise<ShellPage> {
  const pin = escapeAttribute(JSON.stringify(feedKey))
  let made: { readonly build: string; readonly page: ShellPage } | undefined

  return async () => {
    const { ino, mtimeMs, size } = await stat(file)
    const build = `${ino}-${mtimeMs}-${size}`
    if (made?.build !== build) {
      const html = (await readFile(file, 'utf8')).replace(emptyPin, (start) => start + pin)
      made = { build, page: { html, etag: createHash('sha256').update(html).digest('base64url') } }
    }
    return made.page
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
