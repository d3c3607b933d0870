import type { FeedPlugin, FeedUnavailable, UiFeed } from '../feed/feed.ts'
import { acceptOffer, compose, emptyComposition, extensionsOf, pagesOf } from './composition.ts'

const plugin = (id: string, version: string, more: Partial<FeedPlugin> = {}): FeedPlugin => ({
  id,
  version,
  titleKey: 'plugin.title',
  state: 'active',
  baseUrl: `/ui/${id}/${version}-00000000/`,
  remoteEntry: 'remoteEntry.js',
  container: `dcesop_${id}_${version.replaceAll('.', '_')}`,
  pages: [],
  extensions: [],
  points: [],
  integrity: {},
  locales: {},
  ...more,
})
const disabled = (id: string): FeedUnavailable => ({
  id,
  version: '1.0.0',
  titleKey: 'plugin.title',
  state: 'disabled',
  since: 'then',
  pages: [],
  extensions: [],
})
const feed = (plugins: FeedPlugin[], unavailable: FeedUnavailable[] = []): UiFeed => ({
  revision: 1,
  plugins,
  unavailable,
})
const onScreen = () => true
const offScreen = () => false
const start = compose(emptyComposition, feed([plugin('a', '1.0.0')]), onScreen, 'now')

const shown = (composition: typeof start) =>
  [...composition.entries].map(
    ([
      id,
      {
        kind,
        plugin: { version, state },
      },
    ]) => `${id} ${kind} ${version} ${state}`,
  )

describe('compose', () => {
  it('shows a build in development at once, and the installed version again when it ends', () => {
    const dev = (version: string) => plugin('a', version, { dev: true })
    const first = compose(start, feed([dev('1.1.0-dev.1')]), onScreen, 'now')
    const second = compose(first, feed([dev('1.1.0-dev.2')]), onScreen, 'now')
    expect([shown(second), second.offers.size]).toEqual([['a available 1.1.0-dev.2 active'], 0])
    const ended = compose(second, feed([plugin('a', '1.0.0')]), onScreen, 'now')
    expect([shown(ended), ended.offers.size]).toEqual([['a available 1.0.0 active'], 0])
    expect(shown(compose(second, feed([]), onScreen, 'now'))).toEqual([])
  })

  it('takes a first feed as it is', () => {
    expect(shown(start)).toEqual(['a available 1.0.0 active'])
    expect(start.offers.size).toBe(0)
  })

  it('offers a new version of what is on screen, and takes it at once of what is not', () => {
    const next = feed([plugin('a', '1.1.0')])
    const offered = compose(start, next, onScreen, 'now')
    expect([shown(offered), offered.offers.get('a')?.version]).toEqual([['a available 1.0.0 active'], '1.1.0'])
    const taken = compose(start, next, offScreen, 'now')
    expect([shown(taken), taken.offers.size]).toEqual([['a available 1.1.0 active'], 0])
  })

  it('replaces at once, and says so, what the host withdrew for safety, and nothing else', () => {
    const withdrawn = [plugin('a', '1.0.0').baseUrl]
    const next = feed([plugin('a', '1.1.0', { withdrawn })])
    const forced = compose(start, next, onScreen, 'now')
    expect([shown(forced), forced.offers.size]).toEqual([['a available 1.1.0 active'], 0])
    expect(forced.forced.map(({ id, version }) => `${id} ${version}`)).toEqual(['a 1.1.0'])
    expect(compose(forced, next, onScreen, 'now').forced).toEqual([])
    expect(compose(start, next, offScreen, 'now').forced).toEqual([])
    const other = [plugin('a', '0.9.0').baseUrl]
    const asked = compose(start, feed([plugin('a', '1.1.0', { withdrawn: other })]), onScreen, 'now')
    expect([shown(asked), asked.offers.size, asked.forced]).toEqual([['a available 1.0.0 active'], 1, []])
  })

  it('ends an offer that waits when what is on screen is withdrawn meanwhile', () => {
    const offered = compose(start, feed([plugin('a', '1.1.0')]), onScreen, 'now')
    const withdrawn = [plugin('a', '1.0.0').baseUrl]
    const forced = compose(offered, feed([plugin('a', '1.1.0', { withdrawn })]), onScreen, 'now')
    expect([shown(forced), forced.offers.size]).toEqual([['a available 1.1.0 active'], 0])
  })

  it('offers a rollback like any other version, and withdraws an offer that the host took back', () => {
    const offered = compose(start, feed([plugin('a', '0.9.0')]), onScreen, 'now')
    expect(offered.offers.get('a')?.version).toBe('0.9.0')
    expect(compose(offered, feed([plugin('a', '1.0.0')]), onScreen, 'now').offers.size).toBe(0)
  })

  it('takes up an offer', () => {
    const accepted = acceptOffer(compose(start, feed([plugin('a', '1.1.0')]), onScreen, 'now'), 'a')
    expect([shown(accepted), accepted.offers.size]).toEqual([['a available 1.1.0 active'], 0])
    expect(acceptOffer(accepted, 'a')).toBe(accepted)
  })

  it('shows at once that a plugin was disabled or removed, and has it back in whatever version', () => {
    const off = compose(start, feed([], [disabled('a')]), onScreen, 'now')
    expect(shown(off)).toEqual(['a unavailable 1.0.0 disabled'])
    const back = compose(off, feed([plugin('a', '2.0.0')]), onScreen, 'now')
    expect([shown(back), back.offers.size]).toEqual([['a available 2.0.0 active'], 0])
    expect(shown(compose(start, feed([]), onScreen, 'now'))).toEqual(['a unavailable 1.0.0 removed'])
  })
})

describe('pages and extensions', () => {
  const page = (id: string, order: number, permission = 'p:see') => ({
    id,
    order,
    permission,
    path: `/${id}`,
    expose: id,
    titleKey: 'x',
  })
  const extension = (id: string, order: number, point = 'dashboard.widget/v1') => ({
    id,
    order,
    point,
    expose: id,
    titleKey: 'x',
    permission: 'p:see',
  })
  const composition = compose(
    emptyComposition,
    feed(
      [
        plugin('b', '1.0.0', { pages: [page('b2', 10), page('b1', 10)], extensions: [extension('w', 5)] }),
        plugin('a', '1.0.0', {
          pages: [page('a1', 10), page('secret', 1, 'a:view')],
          extensions: [extension('w', 5), extension('p', 1, 'other/v1')],
        }),
      ],
      [{ ...disabled('c'), pages: [page('c1', 0)] }],
    ),
    offScreen,
    'now',
  )

  it('come in the order: number, plugin, id; only what the person may see', () => {
    expect(pagesOf(composition, new Set(['p:see'])).map(({ item }) => item.id)).toEqual(['c1', 'a1', 'b1', 'b2'])
    expect(pagesOf(composition, new Set(['p:see', 'a:view'])).map(({ item }) => item.id)).toEqual([
      'c1',
      'secret',
      'a1',
      'b1',
      'b2',
    ])
    expect(
      extensionsOf(composition, 'dashboard.widget/v1', new Set(['p:see'])).map(({ entry }) => entry.plugin.id),
    ).toEqual(['a', 'b'])
  })
})
