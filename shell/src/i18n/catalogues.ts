import { type Catalogue, type Catalogues, localeChain } from '@dcesop/sdk-plugin/i18n'
import type { FeedPlugin } from '../feed/feed.ts'

export interface PluginCatalogues {
  /** The messages of a plugin's version in a locale and what it inherits from; rejects when a file cannot be had. */
  load(plugin: FeedPlugin, locale: string): Promise<Catalogues>
}

/** Fetches plugins' catalogues once each; their hashes are in the signed feed. */
export function createPluginCatalogues(fetch: typeof globalThis.fetch): PluginCatalogues {
  const known = new Map<string, Promise<Catalogue>>()

  async function download({ id, baseUrl, integrity }: FeedPlugin, url: string): Promise<Catalogue> {
    const hash = url.startsWith(baseUrl) ? integrity[url.slice(baseUrl.length)] : undefined
    if (hash === undefined) throw new Error(`The feed vouches for no catalogue ${url} of ${id}.`)
    const response = await fetch(url, { integrity: hash })
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
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
      const pairs = localeChain(locale).flatMap((each) => {
        const url = plugin.locales[each]
        return url === undefined ? [] : [[each, url] as const]
      })
      return Object.fromEntries(
        await Promise.all(pairs.map(async ([each, url]) => [each, await catalogue(plugin, url)] as const)),
      )
    },
  }
}
