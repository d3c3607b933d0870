import { navigateToUrl } from 'single-spa'
import { readonly, type Ref, shallowRef } from 'vue'
import { isInternalPath } from './match.ts'

export interface ShellLocation {
  readonly path: string
  readonly search: string
}

const read = (): ShellLocation => ({ path: location.pathname, search: location.search })

/** The address as the shell's own parts see it; changes through single-spa and through back and forward. */
export function createLocation(): { readonly current: Readonly<Ref<ShellLocation>>; navigate(path: string): void } {
  const current = shallowRef(read())
  const follow = () => {
    const next = read()
    if (next.path !== current.value.path || next.search !== current.value.search) current.value = next
  }
  window.addEventListener('single-spa:routing-event', follow)
  window.addEventListener('popstate', follow)
  return {
    current: readonly(current) as Readonly<Ref<ShellLocation>>,
    navigate(path) {
      if (!isInternalPath(path, location.origin)) throw new Error(`${path} is not a path of the shell.`)
      navigateToUrl(path)
      follow()
    },
  }
}

/** Follows plain links to pages of the shell without a reload; everything special stays the browser's. */
export function interceptLinks(root: HTMLElement, navigate: (path: string) => void): () => void {
  const clicked = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    const link = (event.target as Element).closest('a')
    if (link === null || link.target !== '' || link.hasAttribute('download')) return
    const url = new URL(link.href, location.href)
    if (url.origin !== location.origin || /^\/(api|ui|assets|socket\.io)(\/|$)/.test(url.pathname)) return
    if (url.hash !== '' && url.pathname === location.pathname && url.search === location.search) return
    event.preventDefault()
    navigate(url.pathname + url.search + url.hash)
  }
  root.addEventListener('click', clicked)
  return () => root.removeEventListener('click', clicked)
}
