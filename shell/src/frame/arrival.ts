/** Gives a page the focus once for each navigation, when it is there. */
export interface Arrival {
  /** Whether a navigation waits for its page. */
  readonly pending: boolean
  /** A navigation began. After `load`, the first of a tab, only a page that asks for the focus gets it. */
  depart(kind: 'load' | 'move'): void
  /** The page of the current address is laid out, or a card in its place: the page may still come. */
  arrive(page: HTMLElement): void
  dispose(): void
}

/** A card that is all there is of a page. */
const card = 'h1.sh-fallback__title'
const dialogs = '[role=dialog], [role=alertdialog]'

/**
 * The focus goes to what the page marked `data-autofocus`, else to its heading, else to the page itself. Whoever has moved on
 * meanwhile, by Tab or pointer or into a dialog, keeps the focus, and so does a field that the page itself chose.
 */
export function createArrival(document: Document): Arrival {
  let waiting: { kind: 'load' | 'move'; from: Element | null } | undefined

  const movedOn = (event: Event) => {
    if (event.type === 'pointerdown' || (event as KeyboardEvent).key === 'Tab') waiting = undefined
  }
  document.addEventListener('keydown', movedOn, true)
  document.addEventListener('pointerdown', movedOn, true)

  function welcome(page: HTMLElement, kind: 'load' | 'move', from: Element | null): void {
    const holder = document.activeElement
    if (holder?.closest(dialogs) || (holder !== from && page.contains(holder))) return
    const wanted = page.querySelector<HTMLElement>('[data-autofocus]')
    if (wanted === null && kind === 'load') return
    const target = wanted ?? page.querySelector('h1') ?? page
    if (target !== wanted) target.tabIndex = -1
    target.focus({ preventScroll: true })
  }

  return {
    get pending() {
      return waiting !== undefined
    },
    depart(kind) {
      waiting = { kind, from: document.activeElement }
    },
    arrive(page) {
      if (waiting === undefined) return
      const { kind, from } = waiting
      waiting = undefined
      welcome(page, kind, from)
      if (page.querySelector(card)) waiting = { kind, from: document.activeElement }
    },
    dispose() {
      document.removeEventListener('keydown', movedOn, true)
      document.removeEventListener('pointerdown', movedOn, true)
    },
  }
}
