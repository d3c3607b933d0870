/** @jest-environment jsdom */
import { createKeymap } from './keymap.ts'

function keyboard() {
  const ran: string[] = []
  const state = { now: 0, letters: true }
  const shortcut = (keys: string) => ({ id: keys, keys, run: () => void ran.push(keys) })
  const press = createKeymap({
    shortcuts: () => ['?', 'mod+k', 'g d', 'g c'].map(shortcut),
    letters: () => state.letters,
    now: () => state.now,
  })
  const type = (key: string, more: Partial<Parameters<typeof press>[0]> = {}) =>
    press({ key, ctrlKey: false, metaKey: false, altKey: false, target: document.body, ...more })
  return { ran, state, type }
}

describe('keymap', () => {
  it('runs single keys, combinations on both platforms, and sequences', () => {
    const { ran, type } = keyboard()
    type('?')
    type('k', { ctrlKey: true })
    type('K', { metaKey: true })
    type('g')
    type('d')
    expect(ran).toEqual(['?', 'mod+k', 'mod+k', 'g d'])
  })

  it('does not run a sequence that is broken off or too slow', () => {
    const { ran, state, type } = keyboard()
    type('g')
    type('x')
    type('d')
    type('g')
    state.now = 2_000
    type('d')
    expect(ran).toEqual([])
  })

  it('leaves letters to text fields and to AltGr', () => {
    const { ran, type } = keyboard()
    document.body.innerHTML =
      '<label>x<input></label><div contenteditable="true"><b></b></div><div role="combobox"></div>'
    for (const target of document.querySelectorAll('input, b, [role]')) type('?', { target })
    type('?', { altKey: true })
    expect(ran).toEqual([])
    type('k', { ctrlKey: true, target: document.querySelector('input') })
    expect(ran).toEqual(['mod+k'])
  })

  it('does nothing behind a dialog or menu', () => {
    const { ran, type } = keyboard()
    document.body.innerHTML = '<div role="dialog"><button></button></div><div role="menu"><i></i></div>'
    for (const target of document.querySelectorAll('button, i')) type('?', { target })
    expect(ran).toEqual([])
  })

  it('keeps combinations when single keys are turned off', () => {
    const { ran, state, type } = keyboard()
    state.letters = false
    type('?')
    type('g')
    type('d')
    type('k', { ctrlKey: true })
    expect(ran).toEqual(['mod+k'])
  })
})
