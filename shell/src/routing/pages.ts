import type { PageContext } from '@dcesop/sdk-plugin/ui'
import { type Composition, pagesOf } from '../composition/composition.ts'
import type { FeedPage } from '../feed/feed.ts'
import { type PathMatcher, pathMatcher } from './match.ts'

/** A page as the router sees it. */
export interface KnownPage {
  /** `<plugin>/<page>`, also the name of its single-spa application. */
  readonly name: string
  readonly plugin: string
  readonly page: FeedPage
  readonly match: PathMatcher
}

/** Every page that the person may open, as the composition has them now. */
export function knownPages(composition: Composition, permissions: ReadonlySet<string>): KnownPage[] {
  return pagesOf(composition, permissions).map(({ entry, item }) => ({
    name: `${entry.plugin.id}/${item.id}`,
    plugin: entry.plugin.id,
    page: item,
    match: pathMatcher(item.path),
  }))
}

/** The page of a path: a literal pattern wins over one with parameters, then the pages' own order. */
export function pageAt(pages: readonly KnownPage[], path: string): KnownPage | undefined {
  const matching = pages.filter(({ match }) => match(path) !== undefined)
  return matching.find(({ page }) => !page.path.includes(':')) ?? matching[0]
}

/** What the page's unit is told; frozen. */
export function pageContext(page: KnownPage, path: string, query: Readonly<Record<string, string>>): PageContext {
  return Object.freeze({ params: page.match(path) ?? {}, query, path })
}
