import { steadyOrder } from './steady-order.ts'

const items = (...ids: string[]) => ids.map((id) => ({ id }))

describe('the order of what is on screen', () => {
  it('is the wanted one while nobody is there', () => {
    expect(steadyOrder(items('b', 'a'), ['a', 'b'], false)).toEqual(items('b', 'a'))
  })

  it('stays while a pointer or the focus is there, with what is new at the end', () => {
    expect(steadyOrder(items('d', 'c', 'b', 'a'), ['a', 'x', 'b', 'c'], true)).toEqual(items('a', 'b', 'c', 'd'))
  })
})
