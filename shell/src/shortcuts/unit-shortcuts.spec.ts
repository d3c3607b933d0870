/** @jest-environment jsdom */
import { ref } from 'vue'
import { createShortcutStore } from './shortcut-store.ts'
import { unitShortcuts } from './unit-shortcuts.ts'

function keyboard() {
  const letters = ref(true)
  // A page of its own: the listeners of a store stay as long as its page.
  const page = document.body.appendChild(document.createElement('main'))
  const store = createShortcutStore(page, letters)
  const ran: string[] = []
  const shortcut = (keys: string) => ({ keys, label: keys, run: () => void ran.push(keys) })
  const press = (key: string, target: Element = page) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  return { page, store, add: unitShortcuts(store), shortcut, ran, letters, press }
}

describe('keys of a unit', () => {
  beforeEach(() => (document.body.innerHTML = ''))

  it('are listed and work until they are taken away, after those of the shell', () => {
    const { store, add, shortcut, ran, press } = keyboard()
    store.add([{ ...shortcut('g d'), id: 'dashboard', label: () => 'Dashboard', run: () => void ran.push('shell') }])
    const remove = add([shortcut('n'), shortcut('g d'), shortcut('g 1')])
    for (const key of ['n', 'g', 'd', 'g', '1']) press(key)
    expect(ran).toEqual(['n', 'shell', 'g 1'])
    expect(store.list.filter(({ ofUnit }) => ofUnit).map(({ label }) => label())).toEqual(['n', 'g d', 'g 1'])
    remove()
    press('n')
    expect(ran).toHaveLength(3)
  })

  it('are off with the other single keys, but for Escape, which no speech types', () => {
    const { add, shortcut, ran, letters, press } = keyboard()
    add([shortcut('n'), shortcut('Escape')])
    letters.value = false
    press('n')
    press('Escape')
    expect(ran).toEqual(['Escape'])
  })

  it('leave Escape to the tooltip or menu that it closes', () => {
    const { page, add, shortcut, ran, press } = keyboard()
    add([shortcut('Escape')])
    page.innerHTML = '<button></button><div data-dismissable-layer></div>'
    // As the layer does, which hears of the key first.
    const button = page.querySelector('button') as Element
    button.addEventListener('keydown', () => page.querySelector('div')?.remove())
    press('Escape', button)
    expect(ran).toEqual([])
    press('Escape')
    expect(ran).toEqual(['Escape'])
  })

  it.each(['mod+s', 'n x', '', 'Tab'])('cannot be %j', (keys) => {
    const { add, shortcut } = keyboard()
    expect(() => add([shortcut(keys)])).toThrow('is not one key')
  })
})
