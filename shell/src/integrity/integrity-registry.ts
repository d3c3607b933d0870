/** Subresource integrity of every file that may run here, by absolute URL. */
export interface IntegrityRegistry {
  /** @throws Error for a URL that nobody vouched for */
  of(url: string): string
  has(url: string): boolean
  /** Vouches for files below a base URL; a different hash for a known URL is refused. Gives back what takes them away again. */
  add(baseUrl: string, files: Readonly<Record<string, string>>): () => void
}

/** @param origin what relative URLs are resolved against, for example `https://console.example` */
export function createIntegrityRegistry(origin: string): IntegrityRegistry {
  const hashes = new Map<string, { hash: string; owners: number }>()
  const absolute = (url: string) => new URL(url, origin).href.replace(/[?#].*$/, '')

  function vouch(url: string, hash: string): void {
    if (!/^sha(256|384|512)-[A-Za-z0-9+/]+=*$/.test(hash)) throw new Error(`${url} has no usable integrity: "${hash}"`)
    const known = hashes.get(url)
    if (known !== undefined && known.hash !== hash) throw new Error(`${url} is already known with another integrity`)
    hashes.set(url, { hash, owners: (known?.owners ?? 0) + 1 })
  }

  function release(url: string): void {
    const known = hashes.get(url)
    if (known === undefined) return
    if (known.owners === 1) hashes.delete(url)
    else hashes.set(url, { hash: known.hash, owners: known.owners - 1 })
  }

  return {
    has: (url) => hashes.has(absolute(url)),
    of(url) {
      const known = hashes.get(absolute(url))
      if (known === undefined) throw new Error(`${url} is not in the signed feed`)
      return known.hash
    },
    add(baseUrl, files) {
      const base = new URL(baseUrl, origin)
      const urls: string[] = []
      for (const [path, hash] of Object.entries(files)) {
        const url = absolute(new URL(path, base).href)
        vouch(url, hash)
        urls.push(url)
      }
      return () => urls.splice(0).forEach(release)
    },
  }
}
