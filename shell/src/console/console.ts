import type { ApiClient, I18n, RealtimeClient, RealtimeConnection, UiHost, UiUser } from '@dcesop/sdk-plugin/ui'
import { createI18n } from '@dcesop/sdk-plugin/i18n'
import { computed, type ComputedRef, type Ref, shallowRef, watch } from 'vue'
import { acceptOffer, compose, type Composition, emptyComposition } from '../composition/composition.ts'
import type { FeedClient } from '../feed/feed-client.ts'
import type { FeedPlugin } from '../feed/feed.ts'
import { createHost, type HostParts } from '../host/create-host.ts'
import type { PluginCatalogues } from '../i18n/catalogues.ts'
import type { RemoteLoader } from '../remotes/remote-loader.ts'
import { createPageApplications, type PageApplications } from '../routing/page-applications.ts'
import { type KnownPage, knownPages } from '../routing/pages.ts'
import { createPlacements, type Placements } from '../supervisor/placements.ts'
import { createSlots, type Slots, type SlotTools } from '../supervisor/slots.ts'
import type { SupervisorTools } from '../supervisor/supervised-unit.ts'
import { watchUncaught } from '../supervisor/uncaught.ts'
import { loadUpdate } from './load-update.ts'

/** The composed product of one signed-in person: everything here ends with the session. */
export interface Console {
  readonly composition: Readonly<Ref<Composition>>
  readonly pages: ComputedRef<readonly KnownPage[]>
  readonly placements: Placements
  readonly slots: Slots
  readonly connection: Readonly<Ref<RealtimeClient['state']>>
  /** Whether a first feed was composed. */
  readonly ready: Readonly<Ref<boolean>>
  /** Why the last feed could not be used; what was composed before goes on. */
  readonly feedProblem: Readonly<Ref<unknown>>
  /** A plugin's name in the shell's language; its id until its texts are here. */
  nameOf(plugin: string): string
  /** A host for the shell's own screens that use components which expect one. */
  ownHost(): Promise<UiHost>
  /** Texts of a plugin in the shell's language; undefined until they are here. */
  textsOf(plugin: string): I18n | undefined
  /** Gives single-spa the element in which pages mount; `onShown` hears when the current one is there. */
  attach(outlet: HTMLElement, onShown: (page: HTMLElement) => void): PageApplications
  refreshFeed(): Promise<void>
  /** Loads the offered version and shows it in place of the old one; rejects and changes nothing when it does not load. */
  upgrade(plugin: string): Promise<void>
  dispose(): Promise<void>
}

export interface ConsoleParts {
  /** The person with their rights as of now. */
  user(): UiUser
  /** Asks the host again: a plugin that arrives may bring new permissions. */
  refreshUser(): Promise<void>
  readonly api: ApiClient
  readonly realtime: RealtimeConnection
  readonly feed: FeedClient
  readonly loader: RemoteLoader
  readonly catalogues: PluginCatalogues
  readonly locale: Readonly<Ref<string>>
  readonly theme: Readonly<Ref<'light' | 'dark' | 'contrast'>>
  readonly supervision: Omit<SupervisorTools, 'host'> & SlotTools
  readonly host: Pick<HostParts, 'navigate' | 'announce' | 'notify' | 'stepUp' | 'addShortcuts'>
  onSessionEnded(reason: string): void
  onOwnError: UiHost['reportError']
}

export function createConsole(parts: ConsoleParts): Console {
  const { user, realtime, feed, loader, catalogues, locale, theme } = parts
  const composition = shallowRef<Composition>(emptyComposition)
  const texts = shallowRef<ReadonlyMap<string, I18n>>(new Map())
  const connection = shallowRef(realtime.state)
  const feedProblem = shallowRef<unknown>()
  const ready = shallowRef(false)
  const pages = computed(() => knownPages(composition.value, user().permissions))
  let applications: PageApplications | undefined

  const pluginOf = (id: string, within = composition.value): FeedPlugin | undefined => {
    const entry = within.entries.get(id)
    return entry?.kind === 'available' ? entry.plugin : undefined
  }
  const i18nOf = async (plugin: FeedPlugin | undefined): Promise<I18n> =>
    createI18n({
      locale: locale.value,
      catalogues: plugin === undefined ? {} : await catalogues.load(plugin, locale.value),
    })

  const hostParts: HostParts = {
    ...parts.host,
    api: parts.api,
    realtime,
    user,
    theme: () => theme.value,
    i18nOf: (ref) => i18nOf(pluginOf(ref.plugin)),
    slotsFor: (ref) => slots.hostFor(ref),
  }
  const placements = createPlacements(() => composition.value, loader, {
    ...parts.supervision,
    host: (ref, reportError) => createHost(hostParts, ref, reportError),
  })
  const slots: Slots = createSlots(() => composition.value, user, placements, parts.supervision)

  /** Titles of navigation and widgets, in the locale of now; a plugin whose catalogue does not come keeps its id as name. */
  async function textsFor(next: Composition): Promise<ReadonlyMap<string, I18n>> {
    const spoken = locale.value
    const loaded = await Promise.all(
      [...next.entries.keys()].map(async (id) => {
        const plugin = pluginOf(id, next)
        const found = plugin === undefined ? texts.value.get(id) : await i18nOf(plugin).catch(() => undefined)
        return [id, found] as const
      }),
    )
    if (locale.value !== spoken) return textsFor(next)
    return new Map(loaded.flatMap(([id, found]) => (found === undefined ? [] : [[id, found]])))
  }

  async function change(next: Composition): Promise<void> {
    const previous = composition.value
    // With its texts, so that nobody sees ids in the place of names meanwhile.
    const named = await textsFor(next)
    composition.value = next
    texts.value = named
    applications?.sync()
    slots.refresh()
    await placements.refresh()
    for (const [id, entry] of previous.entries)
      if (entry.kind === 'available' && pluginOf(id)?.baseUrl !== entry.plugin.baseUrl) loader.dispose(entry.plugin)
  }

  async function translate(): Promise<void> {
    const now = composition.value
    const named = await textsFor(now)
    // What came meanwhile has brought its own.
    if (composition.value === now) texts.value = named
    await placements.renew()
  }

  async function takeFeed(): Promise<void> {
    try {
      await parts.refreshUser()
      const fresh = await feed.fetch()
      feedProblem.value = undefined
      await change(compose(composition.value, fresh, placements.inUse, new Date().toISOString()))
      ready.value = true
    } catch (error) {
      feedProblem.value = error
    }
  }

  let turns: Promise<unknown> = Promise.resolve()
  /** One after the other, so that an older feed never overtakes a newer one, and no change the one that it does not know of. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turns.then(work)
    turns = done.catch(() => undefined)
    return done
  }
  const refreshFeed = () => inTurn(takeFeed)

  async function upgrade(id: string): Promise<void> {
    const plugin = composition.value.offers.get(id)
    if (plugin === undefined) return
    const exposed = new Set([...plugin.pages, ...plugin.extensions].map(({ expose }) => expose))
    const onScreen = placements.exposesOf(id).filter((expose) => exposed.has(expose))
    await loadUpdate(plugin, onScreen, locale.value, parts)
    await inTurn(() => change(acceptOffer(composition.value, id)))
  }

  const stops = [
    realtime.onState((state) => {
      if (state === 'connected' && connection.value !== 'connected') void refreshFeed().then(placements.recover)
      connection.value = state
    }),
    realtime.onEvent('feed-changed', () => void refreshFeed()),
    realtime.onEvent<{ reason: string }>('session-ended', ({ reason }) => parts.onSessionEnded(reason)),
    watch([locale, theme], () => void translate()),
    watchUncaught(globalThis, parts.supervision),
  ]
  realtime.connect()

  return {
    composition,
    pages,
    placements,
    slots,
    connection,
    feedProblem,
    ready,
    ownHost: () => createHost(hostParts, { plugin: 'shell', version: '', expose: '' }, parts.onOwnError),
    nameOf(id) {
      const titleKey = composition.value.entries.get(id)?.plugin.titleKey
      return (titleKey && texts.value.get(id)?.t(titleKey)) || id
    },
    textsOf: (plugin) => texts.value.get(plugin),
    attach(outlet, onShown) {
      applications = createPageApplications(() => pages.value, placements, outlet, onShown)
      applications.sync()
      return applications
    },
    refreshFeed,
    upgrade,
    async dispose() {
      for (const stop of stops) stop()
      realtime.close()
      await applications?.dispose()
    },
  }
}
