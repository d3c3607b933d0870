import type { getInstance } from '@module-federation/runtime'
import type { FeedPlugin } from '../feed/feed.ts'

interface FederationGlobal {
  __FEDERATION__?: { __INSTANCES__: { name: string }[] }
}

/** Removes what the federation runtime and webpack leave behind of a container: removeRemote alone keeps an instance each. */
export function disposeRemote(instance: ReturnType<typeof getInstance>, { baseUrl, container }: FeedPlugin): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]'))
    if (new URL(link.href).pathname.startsWith(baseUrl)) link.remove()
  const remote = instance?.options.remotes.find(({ name }) => name === container)
  // The runtime has the function but no public name for it.
  const handler = instance?.remoteHandler as unknown as { removeRemote(remote: object): void } | undefined
  if (remote !== undefined) handler?.removeRemote(remote)
  const globals = globalThis as Record<string, unknown> & FederationGlobal
  delete globals[`webpackChunk${container}`]
  const instances = globals.__FEDERATION__?.__INSTANCES__
  const at = instances?.findIndex(({ name }) => name === container) ?? -1
  if (at >= 0) instances?.splice(at, 1)
}
