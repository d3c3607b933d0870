import { ApiProblem } from '@dcesop/sdk-plugin/ui'
import { createBoardStore } from './board-store.ts'
import type { WidgetOffer } from './layout.ts'

jest.mock('@dcesop/sdk-plugin/ui', () => jest.requireActual('../../../sdk-plugin/src/ui/api/api-problem.ts'))

const offer = (widget: string): WidgetOffer => ({ widget, size: { columns: 6, rows: 2 }, defaultFor: ['agent'] })
const offers = [offer('a/one'), offer('b/two')]

function stage(stored: unknown, failure?: ApiProblem) {
  const written: unknown[] = []
  const preference = {
    read: async () => {
      if (failure !== undefined) throw failure
      return stored
    },
    write: async (value: unknown) => {
      if (failure !== undefined) throw failure
      written.push(value)
    },
  }
  const board = createBoardStore(
    preference,
    () => offers,
    () => ['agent'],
  )
  const shown = () => board.layout.value.items.map(({ widget, x, y, w }) => [widget, x, y, w])
  return { board, written, shown }
}

const one = { id: 'a_one', widget: 'a/one', x: 3, y: 0, w: 4, h: 2 }

describe('board store', () => {
  it('shows the default board to somebody without one, and after an unreadable one', async () => {
    for (const stored of [undefined, { version: 9 }, 'x']) {
      const { board, shown } = stage(stored)
      await board.load()
      expect([board.state.value, shown()]).toEqual([
        'ready',
        [
          ['a/one', 0, 0, 6],
          ['b/two', 6, 0, 6],
        ],
      ])
    }
  })

  it('keeps an arrangement in reading order, and nothing before it is saved', async () => {
    const { board, written, shown } = stage({ version: 1, items: [one] })
    await board.load()
    board.add(offer('b/two'))
    board.move([
      { id: 'a_one', x: 0, y: 2, w: 6, h: 2 },
      { id: 'b_two', x: 0, y: 0, w: 6, h: 2 },
    ])
    expect(written).toEqual([])
    await board.save()
    expect(shown()).toEqual([
      ['b/two', 0, 0, 6],
      ['a/one', 0, 2, 6],
    ])
    expect(written).toEqual([{ version: 1, items: board.layout.value.items }])
  })

  it('goes back to what was saved', async () => {
    const { board, shown } = stage({ version: 1, items: [one] })
    await board.load()
    board.remove('a_one')
    expect(shown()).toEqual([])
    board.discard()
    expect(shown()).toEqual([['a/one', 3, 0, 4]])
  })

  it('says that it could not load, and hands a failed save to the caller with the draft kept', async () => {
    const { board, shown } = stage(undefined, new ApiProblem({ status: 412, code: 'precondition_failed' }))
    await board.load()
    expect([board.state.value, board.problem.value?.code]).toEqual(['error', 'precondition_failed'])
    board.remove('a_one')
    await expect(board.save()).rejects.toThrow('precondition_failed')
    expect([shown(), board.saving.value]).toEqual([[['b/two', 6, 0, 6]], false])
  })
})
