import { getInstance, loadRemote, registerPlugins, registerRemotes } from '@module-federation/runtime'
import type { UiUnit } from '@dcesop/sdk-plugin/ui'
import type { FeedPlugin } from '../feed/feed.ts'
import { integrity } from '../integrity/global.ts'
import { disposeRemote } from './dispose-remote.ts'
import { loadFailure } from './load-failure.ts'
import { unitOf } from './unit-of.ts'

export interface RemoteLoader {
  /** Loads one exposed unit; what is loaded already is not fetched again. @throws RemoteLoadError that says why it did not load */
  load(plugin: FeedPlugin, expose: string): Promise<UiUnit>
  /** Forgets a version that nothing shows any more, with its style sheets and globals. */
  dispose(plugin: FeedPlugin): void
}

/** Loads plugins' remotes through the federation runtime, each version as a container of its own. */
export function createRemoteLoader(): RemoteLoader {
  /** By base URL: what takes back the vouching for the version's files. */
  const registered = new Map<string, () => void>()
  /** Base URLs of versions of which something did not load. */
  const failed = new Set<string>()
  registerPlugins([
    {
      name: 'dcesop-integrity',
      createScript({ url }) {
        const script = document.createElement('script')
        script.crossOrigin = 'anonymous'
        script.integrity = integrity().of(url)
        script.src = url
        return script
      },
    },
  ])

  function register({ baseUrl, container, integrity: files, remoteEntry }: FeedPlugin): void {
    if (registered.has(baseUrl)) return
    registered.set(baseUrl, integrity().add(baseUrl, files))
    registerRemotes([
      { name: container, entry: new URL(remoteEntry, new URL(baseUrl, location.origin)).href, type: 'var' },
    ])
  }

  /** A damaged file with an immutable name would stay in the browser's cache and fail for ever: fetches all past the cache. */
  async function refetch({ baseUrl, integrity: files }: FeedPlugin): Promise<void> {
    const names = Object.keys(files).filter((name) => /\.(js|css)$/.test(name))
    await Promise.all(names.map((name) => fetch(baseUrl + name, { cache: 'reload', integrity: files[name] ?? '' })))
  }

  return {
    async load(plugin, expose) {
      register(plugin)
      try {
        if (failed.delete(plugin.baseUrl)) await refetch(plugin)
        return unitOf(await loadRemote(`${plugin.container}/${expose}`), expose)
      } catch (error) {
        failed.add(plugin.baseUrl)
        throw await loadFailure(plugin, error)
      }
    },
    dispose(plugin) {
      registered.get(plugin.baseUrl)?.()
      if (!registered.delete(plugin.baseUrl)) return
      disposeRemote(getInstance(), plugin)
    },
  }
}
