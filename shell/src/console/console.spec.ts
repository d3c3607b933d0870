/** @jest-environment jsdom */
import type { ApiClient, RealtimeConnection, UiUnit, UiUser } from '@dcesop/sdk-plugin/ui'
import { ref } from 'vue'
import type { FeedPlugin, UiFeed } from '../feed/feed.ts'
import { createFailureLog } from '../supervisor/failures.ts'
import { type ConsoleParts, createConsole } from './console.ts'

const plugin = (id: string, version: string): FeedPlugin => ({
  id,
  version,
  titleKey: 'plugin.title',
  state: 'active',
  baseUrl: `/ui/${id}/${version}-00000000/`,
  remoteEntry: 'remoteEntry.js',
  container: id,
  pages: [{ id: 'main', path: `/${id}`, expose: 'main', titleKey: 'plugin.title', permission: 'x:view' }],
  extensions: [],
  points: [],
  integrity: {},
  locales: {},
})

const unit = {
  kind: 'page',
  mount: async () => ({ app: { config: {} }, update() {}, async unmount() {} }),
} as unknown as UiUnit

/** A console whose feeds and texts come when the spec lets them. */
function stage() {
  let feed: UiFeed = { revision: 1, plugins: [], unavailable: [] }
  let texts: Promise<object> = Promise.resolve({})
  const realtime = { state: 'connected', onState: () => () => {}, onEvent: () => () => {}, connect() {}, close() {} }
  const composed = createConsole({
    user: () => ({ permissions: new Set() }) as unknown as UiUser,
    refreshUser: async () => undefined,
    api: {} as ApiClient,
    realtime: realtime as unknown as RealtimeConnection,
    feed: { fetch: async () => feed } as ConsoleParts['feed'],
    loader: { load: async () => unit, dispose() {} } as unknown as ConsoleParts['loader'],
    catalogues: { load: async () => texts as Promise<Record<string, never>> },
    locale: ref('es'),
    theme: ref('light' as const),
    supervision: {
      limits: { loadMs: 600_000, mountMs: 600_000 },
      failures: createFailureLog(() => 0),
      now: () => new Date(0),
      newIncidentId: () => 'i1',
      report: () => undefined,
      showLoading: () => () => undefined,
      showCard: () => () => undefined,
    } as unknown as ConsoleParts['supervision'],
    host: {} as ConsoleParts['host'],
    onSessionEnded: () => undefined,
    onOwnError: () => undefined,
  })
  return {
    composed,
    async takes(...plugins: FeedPlugin[]) {
      feed = { ...feed, plugins }
      await composed.refreshFeed()
    },
    /** Texts come from now on when what this gives back is called. */
    holdTexts() {
      const { promise, resolve } = Promise.withResolvers<object>()
      texts = promise
      return () => resolve({})
    },
    versions: () =>
      [...composed.composition.value.entries].map(([id, entry]) => `${id} ${entry.plugin.version} ${entry.kind}`),
  }
}

/** Both on screen, with a newer version of each offered. */
async function withTwoOffers() {
  const staged = stage()
  const { composed, takes } = staged
  await takes(plugin('a', '1.0.0'), plugin('b', '1.0.0'))
  for (const id of ['a', 'b'])
    await composed.placements.place(document.createElement('div'), { plugin: id, expose: 'main' }, {}).shown
  await takes(plugin('a', '1.1.0'), plugin('b', '1.1.0'))
  expect([...composed.composition.value.offers.keys()]).toEqual(['a', 'b'])
  return staged
}

it('takes both of two updates that are accepted at once', async () => {
  const { composed, holdTexts, versions } = await withTwoOffers()
  const release = holdTexts()
  const taken = [composed.upgrade('a'), composed.upgrade('b')]
  release()
  await Promise.all(taken)
  expect(versions()).toEqual(['a 1.1.0 available', 'b 1.1.0 available'])
})

it('keeps an update that is accepted while a feed is taken, and what the feed brings', async () => {
  const { composed, takes, holdTexts, versions } = await withTwoOffers()
  const release = holdTexts()
  const taken = [takes(plugin('a', '1.1.0'), plugin('b', '1.1.0'), plugin('c', '1.0.0')), composed.upgrade('a')]
  release()
  await Promise.all(taken)
  expect(versions()).toEqual(['a 1.1.0 available', 'b 1.0.0 available', 'c 1.0.0 available'])
})
