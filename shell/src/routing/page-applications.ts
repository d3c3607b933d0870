import { getAppNames, registerApplication, triggerAppChange, unregisterApplication } from 'single-spa'
import type { Placement, Placements } from '../supervisor/placements.ts'
import { queryOf } from './match.ts'
import { type KnownPage, pageAt, pageContext } from './pages.ts'

type PageContext = ReturnType<typeof pageContext>

/** Keeps single-spa's applications in step with the pages that the plugins bring. */
export interface PageApplications {
  /** Registers new pages, forgets pages that are gone, and hands a changed path to the page on screen. */
  sync(): void
  dispose(): Promise<void>
}

/** Above the supervisor's own limits, so that single-spa never reports what the supervisor already contains. */
const timeout = { millis: 30_000, dieOnTimeout: false, warningMillis: 30_000 }

/**
 * One application per page. Its lifecycles only place the unit: loading, versions and failures are the supervisor's, and a
 * mount never makes the next navigation wait.
 * @param outlet element in which pages mount; it is laid out, so that a page can measure and focus as soon as it mounts
 * @param onShown hears of the page of the current address each time it is there with a path, or its card
 */
export function createPageApplications(
  pages: () => readonly KnownPage[],
  placements: Placements,
  outlet: HTMLElement,
  onShown: (page: HTMLElement) => void,
): PageApplications {
  const mounted = new Map<string, { place: Placement<PageContext>; element: HTMLElement }>()
  const registered = new Set<string>()

  const contextOf = (known: KnownPage) => pageContext(known, location.pathname, queryOf(location.search))
  const find = (name: string) => pages().find((known) => known.name === name)

  async function mount(name: string): Promise<void> {
    const known = find(name)
    if (known === undefined) return
    const element = outlet.appendChild(document.createElement('div'))
    const place = placements.place<PageContext>(
      element,
      { plugin: known.plugin, expose: known.page.expose },
      contextOf(known),
      () => tell(name, element),
    )
    mounted.set(name, { place, element })
    void place.shown.then(() => tell(name, element))
  }

  /** Not awaited: a page that is slow to load or to go never holds up the one that follows. */
  async function unmount(name: string): Promise<void> {
    const gone = mounted.get(name)
    if (gone === undefined) return
    mounted.delete(name)
    gone.element.hidden = true
    void gone.place.dispose().then(() => gone.element.remove())
  }

  function tell(name: string, element: HTMLElement): void {
    const current = pageAt(pages(), location.pathname)?.name
    if (current === name && mounted.get(name)?.element === element) onShown(element)
  }

  function register(name: string): void {
    registered.add(name)
    registerApplication({
      name,
      activeWhen: ({ pathname }) => pageAt(pages(), pathname)?.name === name,
      app: async () => ({
        bootstrap: async () => undefined,
        mount: () => mount(name),
        unmount: () => unmount(name),
        timeouts: { bootstrap: timeout, mount: timeout, unmount: timeout },
      }),
    })
  }

  return {
    sync() {
      const names = new Set(pages().map(({ name }) => name))
      for (const name of names) if (!registered.has(name)) register(name)
      for (const name of registered) if (!names.has(name)) void forget(name)
      for (const [name, { place, element }] of mounted) {
        const known = find(name)
        if (known?.match(location.pathname) !== undefined)
          void place.update(contextOf(known)).then(() => tell(name, element))
      }
      void triggerAppChange()
    },
    async dispose() {
      await Promise.all([...registered].map(forget))
    },
  }

  async function forget(name: string): Promise<void> {
    registered.delete(name)
    if (getAppNames().includes(name)) await unregisterApplication(name)
  }
}
