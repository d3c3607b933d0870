import { compose, emptyComposition } from '../composition/composition.ts'
import type { FeedPlugin } from '../feed/feed.ts'
import { unplacedExtensions } from './unplaced.ts'

const base = {
  version: '1.0.0',
  titleKey: 'plugin.title',
  state: 'active',
  remoteEntry: 'remoteEntry.js',
  pages: [],
  integrity: {},
  locales: {},
} as const
const plugin = (id: string, fills: readonly string[], offers: readonly string[] = []): FeedPlugin => ({
  ...base,
  id,
  baseUrl: `/ui/${id}/1.0.0-00000000/`,
  container: `dcesop_${id}_1_0_0`,
  extensions: fills.map((point, at) => ({ id: `e${at}`, point, expose: 'x', titleKey: 'x.y', permission: 'x:see' })),
  points: offers.map((id) => ({ id })),
})
const unplaced = (plugins: FeedPlugin[], permissions = ['x:see']) =>
  unplacedExtensions(
    compose(emptyComposition, { revision: 1, plugins, unavailable: [] }, () => false, 'now'),
    new Set(permissions),
  )

describe('extensions without a place', () => {
  it('are none while their points are offered, by the shell or by a plugin', () => {
    const owner = plugin('customers', [], ['customer360.panel/v1'])
    expect(unplaced([owner, plugin('a', ['customer360.panel/v1', 'dashboard.widget/v1'])])).toEqual([])
  })

  it('name the version that is offered instead, or that nothing is', () => {
    const owner = plugin('customers', [], ['customer360.panel/v1', 'customer360.panel/v2'])
    expect(unplaced([owner, plugin('a', ['customer360.panel/v3', 'orders.row/v1'])])).toMatchObject([
      { name: 'a/e0', offered: ['customer360.panel/v1', 'customer360.panel/v2'] },
      { name: 'a/e1', offered: [] },
    ])
  })

  it('are none once the region gave them a place', () => {
    const guest = plugin('a', ['orders.row/v1'])
    const [extension] = guest.extensions as [FeedPlugin['extensions'][number]]
    const placed = { ...guest, extensions: [extension, { ...extension, point: 'dashboard.widget/v1' }] }
    expect(unplaced([guest])).toHaveLength(1)
    expect(unplaced([placed])).toEqual([])
  })

  it('are not told to who may not see them', () => {
    expect(unplaced([plugin('a', ['orders.row/v1'])], [])).toEqual([])
  })
})
