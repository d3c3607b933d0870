/** @jest-environment jsdom */
import { type Arrival, createArrival } from './arrival.ts'

describe('arrival at a page', () => {
  let arrival: Arrival
  let page: HTMLElement
  const link = () => document.querySelector<HTMLElement>('nav a')
  const focused = () => document.activeElement?.id
  const show = (html: string) => {
    page.innerHTML = html
    arrival.arrive(page)
  }

  beforeEach(() => {
    document.body.innerHTML = `<nav><a id="link" href="/x">x</a><a id="other" href="/y">y</a></nav><div id="page"></div>`
    page = document.querySelector('#page') as HTMLElement
    arrival = createArrival(document)
    link()?.focus()
  })
  afterEach(() => arrival.dispose())

  it.each([
    ['what the page asks for', '<h1 id="title">Title</h1><input id="field" data-autofocus>', 'field'],
    ['else its heading', '<h1 id="title">Title</h1><input id="field">', 'title'],
    ['else the page', '<p>Loading</p>', 'page'],
  ])('focuses %s, once', (_what, html, expected) => {
    arrival.depart('move')
    expect([arrival.pending, focused()]).toEqual([true, 'link'])
    show(html)
    expect([arrival.pending, focused()]).toEqual([false, expected])
    link()?.focus()
    arrival.arrive(page)
    expect(focused()).toBe('link')
  })

  it('focuses the card of a page that is late, and then the page, unless the person has moved on', () => {
    const [late, field] = ['<h1 id="card" class="sh-fallback__title">Late</h1>', '<input id="field" data-autofocus>']
    arrival.depart('move')
    show(late)
    expect(focused()).toBe('card')
    show(field)
    expect(focused()).toBe('field')

    arrival.depart('move')
    show(late)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true }))
    link()?.focus()
    show(field)
    expect(focused()).toBe('link')
  })

  it.each([
    ['<h1 id="title">Title</h1>', 'link'],
    ['<h1 id="title">Title</h1><input id="field" data-autofocus>', 'field'],
  ])('at the first page of a tab moves focus only when the page asks: %s', (html, expected) => {
    arrival.depart('load')
    show(html)
    expect(focused()).toBe(expected)
  })

  it.each([
    ['presses Tab', () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true }))],
    ['points elsewhere', () => document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))],
  ])('leaves the focus to a person who %s meanwhile', (_what, act) => {
    arrival.depart('move')
    act()
    document.querySelector<HTMLElement>('#other')?.focus()
    show('<h1>Title</h1>')
    expect(focused()).toBe('other')
  })

  it('leaves a field that the page itself chose, and a dialog that came in between', () => {
    arrival.depart('move')
    page.innerHTML = '<h1>Title</h1><input id="own">'
    document.querySelector<HTMLElement>('#own')?.focus()
    arrival.arrive(page)
    expect(focused()).toBe('own')

    arrival.depart('move')
    document.body.insertAdjacentHTML('beforeend', '<div role="dialog"><button id="ok">OK</button></div>')
    document.querySelector<HTMLElement>('#ok')?.focus()
    show('<h1>Title</h1>')
    expect(focused()).toBe('ok')
  })

  it('goes on when what had the focus went with the old page, and when other keys were pressed', () => {
    arrival.depart('move')
    link()?.remove()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '5', bubbles: true }))
    show('<input id="field" data-autofocus>')
    expect(focused()).toBe('field')
  })

  it('hears nothing any more once disposed', () => {
    arrival.depart('move')
    arrival.dispose()
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
    expect(arrival.pending).toBe(true)
  })
})
