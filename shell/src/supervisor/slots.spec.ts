/** @jest-environment jsdom */
import { compose, emptyComposition } from '../composition/composition.ts'
import type { FeedPlugin, UiFeed } from '../feed/feed.ts'
import type { Placements } from './placements.ts'
import { createSlots } from './slots.ts'
import type { CardContent, Incident } from './source.ts'

const point = 'customer360.panel/v1'
const plugin = (id: string, orders: readonly number[], max?: number): FeedPlugin => ({
  id,
  version: '1.0.0',
  titleKey: 'plugin.title',
  state: 'active',
  baseUrl: `/ui/${id}/1.0.0-00000000/`,
  remoteEntry: 'remoteEntry.js',
  container: `dcesop_${id}_1_0_0`,
  pages: [],
  extensions: orders.map((order) => ({
    id: `e${order}`,
    point,
    expose: `panel-${order}`,
    titleKey: 'x.y',
    permission: 'x:see',
    order,
  })),
  points: max === undefined ? [] : [{ id: point, max }],
  integrity: {},
  locales: {},
})

function stage() {
  let composition = emptyComposition
  const log: string[] = []
  const incidents: Incident[] = []
  const cards: CardContent[] = []
  const authors: string[] = []
  const given: unknown[] = []
  const placements: Pick<Placements, 'place'> = {
    place(target, unit, context) {
      target.textContent = `${unit.plugin}/${unit.expose}`
      given.push(context)
      log.push(`place ${unit.plugin}/${unit.expose} ${String(context)}`)
      return {
        shown: Promise.resolve(),
        async update(next) {
          given.push(next)
          log.push(`update ${unit.expose} ${String(next)}`)
        },
        dispose: async () => void log.push(`dispose ${unit.expose}`),
      }
    },
  }
  const slots = createSlots(
    () => composition,
    () => ({ permissions: new Set(['x:see']), roles: ['agent'], regions: ['br'] }),
    placements as Placements,
    {
      now: () => new Date(0),
      newIncidentId: () => `i${incidents.length + 1}`,
      report: (incident) => void incidents.push(incident),
      showCard(target, content) {
        cards.push(content)
        const card = target.appendChild(document.createElement('p'))
        card.textContent = `card ${content.reason} ${content.ref.plugin} ${content.incident}`
        return () => card.remove()
      },
      tellAuthor: (...told) => void authors.push(told.join(' ')),
    },
  )
  const page = slots.hostFor({ plugin: 'b', version: '1.0.0', expose: 'home' })
  const element = document.createElement('div')
  const feed = (plugins: FeedPlugin[], unavailable: UiFeed['unavailable'] = []) => {
    composition = compose(composition, { revision: 1, plugins, unavailable }, () => false, 'now')
    slots.refresh()
  }
  const shown = () => [...element.children].map((child) => child.textContent)
  return { feed, slots, page, element, given, log, incidents, authors, shown }
}

describe('slots', () => {
  it('mount the contributions of all plugins in order, and say how many', () => {
    const { feed, page, element, shown } = stage()
    feed([plugin('b', [10, 30]), plugin('a', [20])])
    const counts: number[] = []
    page.mountSlot(point, element, 'ctx', (count) => counts.push(count))
    expect([shown(), counts]).toEqual([['b/panel-10', 'a/panel-20', 'b/panel-30'], [3]])
  })

  it('take in a plugin that comes later, at its place, without touching the others', () => {
    const { feed, page, element, log, shown } = stage()
    feed([plugin('b', [10, 30])])
    page.mountSlot(point, element, 'ctx')
    feed([plugin('b', [10, 30]), plugin('a', [20])])
    expect(shown()).toEqual(['b/panel-10', 'a/panel-20', 'b/panel-30'])
    expect(log).toEqual(['place b/panel-10 ctx', 'place b/panel-30 ctx', 'place a/panel-20 ctx'])
  })

  it('keep the place of a plugin that was disabled while shown, and take none for one that never was', () => {
    const off = (id: string) => ({ ...plugin(id, [10]), state: 'disabled', since: 'now' })
    const { feed, page, element, shown } = stage()
    feed([plugin('b', [10])], [off('c')])
    page.mountSlot(point, element, 'ctx')
    feed([], [off('b'), off('c')])
    expect(shown()).toEqual(['b/panel-10'])
  })

  it('show no more than the point allows', () => {
    const { feed, page, element, shown } = stage()
    feed([plugin('b', [1, 2, 3], 2)])
    page.mountSlot(point, element, 'ctx')
    expect(shown()).toEqual(['b/panel-1', 'b/panel-2'])
  })

  it('show an extension only while its condition holds of the context and the person', () => {
    const { feed, page, element, log, shown } = stage()
    const tile = (order: number, when: string) => ({ ...plugin('b', [order]).extensions[0], id: `e${order}`, when })
    const extensions = [
      tile(1, `context.kind == 'fibre'`),
      tile(2, `'lead' in user.roles`),
      tile(3, `'agent' in user.roles && context.kind != 'fibre'`),
      tile(4, 'not to be read'),
    ] as FeedPlugin['extensions']
    feed([{ ...plugin('b', []), extensions }])
    const handle = page.mountSlot(point, element, { kind: 'fibre' })
    expect(shown()).toEqual(['b/panel-1'])
    log.length = 0
    handle.update({ kind: 'mobile' })
    expect(log).toEqual(['dispose panel-1', 'place b/panel-3 [object Object]'])
  })

  it('have the heights of their point', () => {
    const { feed, page, element } = stage()
    feed([{ ...plugin('b', [1]), points: [{ id: point, minHeight: 120, maxHeight: 300 }] }])
    page.mountSlot(point, element, 'ctx')
    const { minHeight, maxHeight, overflowY } = (element.firstElementChild as HTMLElement).style
    expect([minHeight, maxHeight, overflowY]).toEqual(['120px', '300px', 'auto'])
  })

  it('hand on copies that nobody can change, so that an extension reaches neither the page nor its neighbours', () => {
    const { feed, page, element, given } = stage()
    feed([plugin('b', [1])])
    const onClose = jest.fn()
    const context = { lines: [{ status: 'on' }], onClose }
    const handle = page.mountSlot(point, element, context)
    context.lines.push({ status: 'off' })
    handle.update({ ...context })
    const [first, second] = given as [typeof context, typeof context]
    expect([first.lines, second.lines]).toEqual([[{ status: 'on' }], [{ status: 'on' }, { status: 'off' }]])
    for (const change of [() => first.lines.pop(), () => Object.assign(second.lines[0] ?? {}, { status: 'off' })])
      expect(change).toThrow(TypeError)
    first.onClose()
    expect([onClose.mock.calls.length, context.lines[0]]).toEqual([1, { status: 'on' }])
  })

  it('hand on a new context, and give everything back at the end', async () => {
    const { feed, page, element, log } = stage()
    feed([plugin('b', [1])])
    const handle = page.mountSlot(point, element, 'one')
    handle.update('two')
    handle.dispose()
    await Promise.resolve()
    await Promise.resolve()
    feed([plugin('b', [1, 2])])
    expect(log).toEqual(['place b/panel-1 one', 'update panel-1 two', 'dispose panel-1'])
    expect(element.children).toHaveLength(0)
  })

  it('tell who fills them, in order, how long each took, and when that changes', async () => {
    const { feed, slots, page, element } = stage()
    feed([plugin('a', [2]), plugin('b', [1])])
    const heard = jest.fn()
    const stop = slots.onChange(heard)
    const handle = page.mountSlot(point, element, 'context')
    const names = () => slots.inspect().map((view) => view.extensions.map(({ name }) => name))
    expect(names()).toEqual([['b/e1', 'a/e2']])
    await Promise.resolve()
    const [view] = slots.inspect()
    expect(view).toMatchObject({ point, element, extensions: [{ plugin: 'b', version: '1.0.0' }, { plugin: 'a' }] })
    expect(view?.extensions.every(({ shownMs }) => shownMs !== undefined)).toBe(true)
    heard.mockClear()
    feed([plugin('a', [2]), plugin('b', [3])])
    expect(names()).toEqual([['a/e2', 'b/e3']])
    expect(heard).toHaveBeenCalled()
    handle.dispose()
    expect(names()).toEqual([])
    stop()
  })

  describe('whose point publishes a schema of its context', () => {
    const contextSchema = {
      type: 'object',
      additionalProperties: false,
      required: ['customerId'],
      properties: { customerId: { type: 'string' } },
    }
    const owner = (more: Partial<FeedPlugin> = {}) => ({
      ...plugin('b', [1]),
      points: [{ id: point, contextSchema }],
      ...more,
    })
    const other = { ...plugin('a', [2]), points: [] }

    it('hand on what keeps it', () => {
      const { feed, page, element, shown, incidents } = stage()
      feed([owner(), other])
      page.mountSlot(point, element, { customerId: 'c1', onClose: () => undefined })
      expect([shown(), incidents]).toEqual([['b/panel-1', 'a/panel-2'], []])
    })

    it('keep a wrong one from every extension, and report the page that hands it over', () => {
      const { feed, page, slots, element, shown, log, incidents, authors } = stage()
      feed([owner(), other])
      const counts: number[] = []
      const handle = page.mountSlot(point, element, { customerId: 7 }, (count) => counts.push(count))
      expect([shown(), log, counts]).toEqual([['card context b i1'], [], [2]])
      expect(incidents).toMatchObject([{ plugin: 'b', version: '1.0.0', unit: 'home', phase: 'context' }])
      expect(incidents[0]?.message).toContain(`${point}: /customerId: Instance type "number" is invalid`)
      expect(slots.inspect()[0]?.problem).toContain('/customerId')
      handle.update({ customerId: 7 })
      feed([owner(), other])
      expect([incidents.length, authors]).toEqual([1, []])
      handle.update({ customerId: 'c1' })
      expect([shown(), slots.inspect()[0]?.problem]).toEqual([['b/panel-1', 'a/panel-2'], undefined])
    })

    it('leave extensions the last good one when a later one is wrong', () => {
      const { feed, page, element, shown, log, incidents } = stage()
      feed([owner()])
      const handle = page.mountSlot(point, element, { customerId: 'c1' })
      log.length = 0
      handle.update({ customerId: 'c2', name: 'Ana' })
      expect([shown(), log]).toEqual([['b/panel-1'], []])
      expect(incidents[0]?.message).toContain('name')
      handle.update({ customerId: 'c3' })
      expect(log).toEqual(['update panel-1 [object Object]'])
    })

    it('tell the author of a build in development on the screen itself', () => {
      const { feed, page, element, authors } = stage()
      feed([owner({ dev: true })])
      page.mountSlot(point, element, undefined)
      expect(authors).toEqual([`${point} It is no object.`])
    })
  })
})
