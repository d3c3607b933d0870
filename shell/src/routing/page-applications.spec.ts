/** @jest-environment jsdom */
import { navigateToUrl, start } from 'single-spa'
import type { FeedPage } from '../feed/feed.ts'
import type { Placements } from '../supervisor/placements.ts'
import { pathMatcher } from './match.ts'
import { createPageApplications, type PageApplications } from './page-applications.ts'
import type { KnownPage } from './pages.ts'

const page = (id: string, path: string): KnownPage => ({
  name: `p/${id}`,
  plugin: 'p',
  page: { id, path, expose: id, titleKey: 'p.title', order: 1 } as FeedPage,
  match: pathMatcher(path),
})
const pages = [page('search', '/customers'), page('customer', '/customers/:id'), page('slow', '/slow')]
const settled = () => new Promise((resolve) => setTimeout(resolve, 10))

describe('page applications', () => {
  const outlet = document.body.appendChild(document.createElement('main'))
  const shown: string[] = []
  const laidOut: boolean[] = []
  /** What the slow page waits for; the others are there at once. */
  let finishSlow: () => void = () => undefined
  let applications: PageApplications

  const placements: Pick<Placements, 'place'> = {
    place(target, { expose }, context) {
      laidOut.push(target.isConnected && target.closest('[hidden]') === null)
      const write = (now: unknown) => void (target.textContent = `${expose} ${(now as { path: string }).path}`)
      write(context)
      const ready = expose === 'slow' ? new Promise<void>((resolve) => (finishSlow = resolve)) : Promise.resolve()
      return { shown: ready, update: async (next) => write(next), dispose: () => ready }
    },
  }
  const texts = () =>
    [...outlet.children].map((child) => `${(child as HTMLElement).hidden ? '-' : ''}${child.textContent}`)
  const open = async (path: string) => {
    navigateToUrl(path)
    applications.sync()
    await settled()
  }

  beforeAll(() => {
    start({ urlRerouteOnly: true })
    applications = createPageApplications(
      () => pages,
      placements as Placements,
      outlet,
      (element) => shown.push(element.textContent ?? ''),
    )
  })
  afterAll(() => applications.dispose())

  it('mount a page into a place that is laid out, and tell when it is there', async () => {
    await open('/customers')
    expect(texts()).toEqual(['search /customers'])
    expect(laidOut).toEqual([true])
    expect(shown.at(-1)).toBe('search /customers')
  })

  it('hand another path to the page on screen and tell again', async () => {
    await open('/customers/c1')
    await open('/customers/c2')
    expect(texts()).toEqual(['customer /customers/c2'])
    expect(laidOut).toEqual([true, true])
    expect(shown.at(-1)).toBe('customer /customers/c2')
  })

  it('leave a page that is still loading at once, and never tell of it later', async () => {
    await open('/slow')
    shown.length = 0
    await open('/customers')
    expect(texts()).toEqual(['-slow /slow', 'search /customers'])
    finishSlow()
    await settled()
    expect(texts()).toEqual(['search /customers'])
    expect(new Set(shown)).toEqual(new Set(['search /customers']))
  })
})
