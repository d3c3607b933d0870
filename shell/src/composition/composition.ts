import type { FeedExtension, FeedPage, FeedPlugin, FeedUnavailable, UiFeed } from '../feed/feed.ts'

/** One plugin as this tab shows it now. */
export type Entry =
  | { readonly kind: 'available'; readonly plugin: FeedPlugin }
  | { readonly kind: 'unavailable'; readonly plugin: FeedUnavailable }

export interface Composition {
  readonly entries: ReadonlyMap<string, Entry>
  /** Newer versions that wait until the person agrees, by plugin. */
  readonly offers: ReadonlyMap<string, FeedPlugin>
  /** Plugins that the last feed changed on screen without asking, because what was there is withdrawn. */
  readonly forced: readonly FeedPlugin[]
}

export const emptyComposition: Composition = { entries: new Map(), offers: new Map(), forced: [] }

/** A plugin that left the feed stays known, so that what it showed says why it is gone. */
function gone(previous: Entry, now: string): Entry {
  if (previous.kind === 'unavailable') return { kind: 'unavailable', plugin: { ...previous.plugin, state: 'removed' } }
  const { id, version, titleKey, pages, extensions } = previous.plugin
  return { kind: 'unavailable', plugin: { id, version, titleKey, state: 'removed', since: now, pages, extensions } }
}

function isDev(entry: Entry): boolean {
  return entry.kind === 'available' && entry.plugin.dev === true
}

/**
 * Applies a new feed. Another build of a plugin that is on screen becomes an offer, unless what is there is
 * withdrawn; everything else changes at once.
 * @param inUse whether a unit of the plugin is on screen
 * @param now ISO time
 */
export function compose(
  previous: Composition,
  feed: UiFeed,
  inUse: (plugin: string) => boolean,
  now: string,
): Composition {
  const entries = new Map<string, Entry>()
  const offers = new Map<string, FeedPlugin>()
  const forced: FeedPlugin[] = []
  for (const [id, entry] of previous.entries) if (!isDev(entry)) entries.set(id, gone(entry, now))
  for (const plugin of feed.unavailable) entries.set(plugin.id, { kind: 'unavailable', plugin })
  for (const plugin of feed.plugins) {
    const running = previous.entries.get(plugin.id)
    const replaces = running?.kind === 'available' && running.plugin.baseUrl !== plugin.baseUrl
    // Its author saved a file, or ended the command: that was the question and the answer.
    const asks = !plugin.dev && !(running && isDev(running))
    const isOut = replaces && plugin.withdrawn?.includes(running.plugin.baseUrl) === true
    if (isOut && inUse(plugin.id)) forced.push(plugin)
    if (replaces && asks && !isOut && inUse(plugin.id)) {
      entries.set(plugin.id, running)
      offers.set(plugin.id, plugin)
    } else {
      entries.set(plugin.id, { kind: 'available', plugin })
    }
  }
  return { entries, offers, forced }
}

/** Takes up an offer; the composition itself when there is none. */
export function acceptOffer(composition: Composition, id: string): Composition {
  const plugin = composition.offers.get(id)
  if (plugin === undefined) return composition
  const entries = new Map(composition.entries).set(id, { kind: 'available', plugin })
  const offers = new Map(composition.offers)
  offers.delete(id)
  return { entries, offers, forced: [] }
}

export interface Placed<T> {
  readonly entry: Entry
  readonly item: T
}

interface Ordered {
  readonly id: string
  readonly order?: number
  readonly permission?: string
}

/** What states no order comes after what does. */
const orderOf = ({ order = 10_001 }: Ordered) => order

const byOrder = <T extends Ordered>(one: Placed<T>, other: Placed<T>) =>
  orderOf(one.item) - orderOf(other.item) ||
  one.entry.plugin.id.localeCompare(other.entry.plugin.id, 'en') ||
  one.item.id.localeCompare(other.item.id, 'en')

function select<T extends Ordered>(
  composition: Composition,
  of: (entry: Entry) => readonly T[],
  permissions: ReadonlySet<string>,
): Placed<T>[] {
  return [...composition.entries.values()]
    .flatMap((entry) => of(entry).map((item) => ({ entry, item })))
    .filter(({ item }) => item.permission === undefined || permissions.has(item.permission))
    .sort(byOrder)
}

/** Pages that the person may open, also of plugins that do not serve now, in navigation order. */
export function pagesOf(composition: Composition, permissions: ReadonlySet<string>): Placed<FeedPage>[] {
  return select(composition, ({ plugin }) => plugin.pages, permissions)
}

/** Extensions of a point that the person may see, in the order: manifest order, plugin, id. */
export function extensionsOf(
  composition: Composition,
  point: string,
  permissions: ReadonlySet<string>,
): Placed<FeedExtension>[] {
  return select(
    composition,
    ({ plugin }) => plugin.extensions.filter((extension) => extension.point === point),
    permissions,
  )
}
