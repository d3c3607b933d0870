import { type Catalogue, type Catalogues, localeChain } from '@dcesop/sdk-plugin/i18n'
import type { FeedPlugin } from '../feed/feed.ts'
import { RemoteLoadError } from '../remotes/load-failure.ts'

export interface PluginCatalogues {
  /**
   * The messages of a plugin's version in a locale and what it inherits from. A country's own words that cannot be had, or not soon,
   * are left out; rejects when those of the language cannot be had.
   */
  load(plugin: FeedPlugin, locale: string): Promise<Catalogues>
}

/** How long one waits for a file (ms), and how long for a country's words when those of the language are there. */
const LONGEST_MS = 15_000
const COUNTRY_MS = 1000

/** Fetches plugins' catalogues once each; their hashes are in the signed feed. */
export function createPluginCatalogues(fetch: typeof globalThis.fetch): PluginCatalogues {
  const known = new Map<string, Promise<Catalogue>>()

  async function download({ id, baseUrl, integrity }: FeedPlugin, url: string): Promise<Catalogue> {
    const hash = url.startsWith(baseUrl) ? integrity[url.slice(baseUrl.length)] : undefined
    if (hash === undefined) throw new Error(`The feed vouches for no catalogue ${url} of ${id}.`)
    const response = await fetch(url, { integrity: hash, signal: AbortSignal.timeout(LONGEST_MS) }).catch(
      (cause: unknown) => {
        throw new RemoteLoadError('remote_unreachable', url, cause)
      },
    )
    if (!response.ok) {
      const code = response.status === 404 || response.status === 410 ? 'remote_missing' : 'remote_unreachable'
      throw new RemoteLoadError(code, `${url} answered ${response.status}`, undefined)
    }
    return (await response.json()) as Catalogue
  }

  function catalogue(plugin: FeedPlugin, url: string): Promise<Catalogue> {
    let found = known.get(url)
    if (found === undefined) {
      found = download(plugin, url)
      known.set(url, found)
      // A failed download may be tried again; its rejection still reaches whoever waits.
      found.catch(() => known.delete(url))
    }
    return found
  }

  return {
    async load(plugin, locale) {
      const came: [string, Catalogue][] = []
      const take = async (each: string): Promise<void> => {
        const url = plugin.locales[each]
        if (url !== undefined) came.push([each, await catalogue(plugin, url)])
      }
      const chain = localeChain(locale)
      const countries = Promise.allSettled(chain.slice(0, -1).map(take))
      await take(chain.at(-1) as string)
      const patience = new Promise((resolve) => setTimeout(resolve, COUNTRY_MS))
      await Promise.race([countries, patience])
      return Object.fromEntries(came)
    },
  }
}
