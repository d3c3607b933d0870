import { type Layout, move, setAdded, setHidden } from './layout.ts'

const point = 'customer360.panel/v1'
const empty: Layout = { region: 'br', revision: 3, points: {} }
const shown = ['a/x', 'b/y', 'c/z']

describe('a change of the layout', () => {
  it('moves an extension past its neighbour, and not past the ends', () => {
    expect(move(empty, point, shown, 'b/y', -1).points[point]).toEqual({ order: ['b/y', 'a/x', 'c/z'], hidden: [] })
    expect(move(empty, point, shown, 'b/y', 1).points[point]?.order).toEqual(['a/x', 'c/z', 'b/y'])
    expect(move(empty, point, shown, 'a/x', -1)).toBe(empty)
    expect(move(empty, point, shown, 'c/z', 1)).toBe(empty)
    expect(move(empty, point, shown, 'not there', 1)).toBe(empty)
  })

  it('hides and shows, and leaves the order and other points alone', () => {
    const before = { ...empty, points: { 'other.point/v1': { order: ['d/w'], hidden: [] } } }
    const moved = move(before, point, shown, 'c/z', -1)
    const hidden = setHidden(setHidden(moved, point, 'a/x', true), point, 'a/x', true)
    expect(hidden.points).toEqual({
      'other.point/v1': { order: ['d/w'], hidden: [] },
      [point]: { order: ['a/x', 'c/z', 'b/y'], hidden: ['a/x'] },
    })
    expect(setHidden(hidden, point, 'a/x', false).points[point]?.hidden).toEqual([])
    expect(hidden.revision).toBe(3)
  })

  it('gives an extension of elsewhere a place, keeps it when others move, and takes it away', () => {
    const placed = setAdded(setAdded(empty, point, 'd/w', true), point, 'd/w', true)
    expect(placed.points).toEqual({ [point]: { order: [], hidden: [], added: ['d/w'] } })
    const arranged = setHidden(move(placed, point, [...shown, 'd/w'], 'd/w', -1), point, 'a/x', true)
    expect(arranged.points[point]).toEqual({ order: ['a/x', 'b/y', 'd/w', 'c/z'], hidden: ['a/x'], added: ['d/w'] })
    expect(setAdded(arranged, point, 'd/w', false).points[point]?.added).toEqual([])
  })
})
