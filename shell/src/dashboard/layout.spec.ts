import * as fc from 'fast-check'
import {
  addWidget,
  columns,
  type DashboardLayout,
  defaultLayout,
  maximumItems,
  parseLayout,
  readingOrder,
  type WidgetOffer,
} from './layout.ts'

const item = { id: 'a', widget: 'network/health', x: 0, y: 0, w: 6, h: 2 }
const offer = (widget: string, size = { columns: 4, rows: 2 }, defaultFor = ['agent']): WidgetOffer => ({
  widget,
  size,
  defaultFor,
})
const empty: DashboardLayout = { version: 1, items: [] }

const overlapping = ({ items }: DashboardLayout) =>
  items.filter((one, at) =>
    items
      .slice(at + 1)
      .some(
        (other) =>
          one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h,
      ),
  )

describe('parseLayout', () => {
  it('reads back what was saved, also after JSON', () => {
    const saved = { version: 1, items: [item, { ...item, id: 'b', x: 6 }] }
    expect(parseLayout(JSON.parse(JSON.stringify(saved)))).toEqual(saved)
  })

  it.each([
    ['nothing', null],
    ['another version', { version: 2, items: [] }],
    ['no list', { version: 1, items: {} }],
    ['a fraction of a cell', { version: 1, items: [{ ...item, x: 0.5 }] }],
    ['a widget beyond the last column', { version: 1, items: [{ ...item, x: 7 }] }],
    ['a negative row', { version: 1, items: [{ ...item, y: -1 }] }],
    ['text for a size', { version: 1, items: [{ ...item, h: '2' }] }],
    ['a strange widget name', { version: 1, items: [{ ...item, widget: '../evil' }] }],
    ['one id twice', { version: 1, items: [item, { ...item, x: 6 }] }],
    [
      'too many',
      { version: 1, items: Array.from({ length: maximumItems + 1 }, (_, at) => ({ ...item, id: `i${at}` })) },
    ],
  ])('does not take %s for a layout', (_, value) => {
    expect(parseLayout(value)).toBeUndefined()
  })

  it('never throws, whatever is stored', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void parseLayout(value)))
  })
})

it('readingOrder goes row by row and leaves its input alone', () => {
  const given = [{ ...item, id: 'c', y: 2 }, { ...item, id: 'b', x: 6 }, item]
  expect(readingOrder(given).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(given[0]?.id).toBe('c')
})

describe('addWidget', () => {
  it('fills rows from the left and never overlaps', () => {
    const size = fc.record({ columns: fc.integer({ min: 2, max: 12 }), rows: fc.integer({ min: 1, max: 6 }) })
    fc.assert(
      fc.property(fc.array(size, { maxLength: 30 }), (sizes) => {
        const layout = sizes.reduce((board, each, at) => addWidget(board, offer('p/w', each), `i${at}`), empty)
        expect(layout.items.length).toBe(Math.min(sizes.length, maximumItems))
        expect(overlapping(layout)).toEqual([])
        expect(layout.items.every(({ x, w }) => x + w <= columns)).toBe(true)
        expect(parseLayout(layout)).toEqual(layout)
      }),
    )
  })
})

describe('defaultLayout', () => {
  it('holds what is offered to one of the roles, in order, in rows without holes', () => {
    const offers = [
      offer('a/one'),
      offer('b/two', undefined, ['executive']),
      offer('c/three', { columns: 6, rows: 4 }),
      offer('d/four', { columns: 4, rows: 1 }),
    ]
    const board = defaultLayout(offers, ['agent', 'customer'])
    expect(board.items.map(({ widget, x, y, w, h }) => [widget, x, y, w, h])).toEqual([
      ['a/one', 0, 0, 4, 4],
      ['c/three', 4, 0, 8, 4],
      ['d/four', 0, 4, 12, 1],
    ])
    expect(parseLayout(board)).toEqual(board)
    expect(defaultLayout(offers, []).items).toEqual([])
  })

  it('covers every cell of its rows once, whatever is offered', () => {
    const size = fc.record({ columns: fc.integer({ min: 2, max: 12 }), rows: fc.integer({ min: 1, max: 12 }) })
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 30 }), (sizes) => {
        const board = defaultLayout(
          sizes.map((each, at) => offer(`p/w${at}`, each)),
          ['agent'],
        )
        const height = Math.max(...board.items.map(({ y, h }) => y + h))
        const cells = board.items.reduce((sum, { w, h }) => sum + w * h, 0)
        expect([overlapping(board), cells, board.items.length]).toEqual([
          [],
          columns * height,
          Math.min(sizes.length, maximumItems),
        ])
        expect(parseLayout(board)).toEqual(board)
      }),
    )
  })
})
