import { keyboardMove } from './keyboard-move.ts'

const cells = { x: 4, y: 1, w: 4, h: 2 }

describe('keyboardMove', () => {
  it.each([
    ['ArrowLeft', { ...cells, x: 3 }],
    ['ArrowRight', { ...cells, x: 5 }],
    ['ArrowUp', { ...cells, y: 0 }],
    ['ArrowDown', { ...cells, y: 2 }],
  ])('%s moves by one cell', (key, expected) => {
    expect(keyboardMove(cells, key, false)).toEqual(expected)
  })

  it.each([
    ['ArrowLeft', { ...cells, w: 3 }],
    ['ArrowRight', { ...cells, w: 5 }],
    ['ArrowUp', { ...cells, h: 1 }],
    ['ArrowDown', { ...cells, h: 3 }],
  ])('Shift with %s changes the size', (key, expected) => {
    expect(keyboardMove(cells, key, true)).toEqual(expected)
  })

  it.each([
    ['beyond the left edge', { ...cells, x: 0 }, 'ArrowLeft', false],
    ['beyond the right edge', { ...cells, x: 8 }, 'ArrowRight', false],
    ['above the first row', { ...cells, y: 0 }, 'ArrowUp', false],
    ['wider than the board', { ...cells, x: 8 }, 'ArrowRight', true],
    ['narrower than can be read', { ...cells, w: 2 }, 'ArrowLeft', true],
    ['lower than one row', { ...cells, h: 1 }, 'ArrowUp', true],
    ['higher than twelve rows', { ...cells, h: 12 }, 'ArrowDown', true],
    ['with another key', cells, 'Enter', false],
  ])('goes nowhere %s', (_, from, key, resize) => {
    expect(keyboardMove(from, key, resize)).toBeUndefined()
  })
})
