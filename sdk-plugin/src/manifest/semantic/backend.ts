import { Router } from '@hapi/call'
import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'
import { errorOf } from './attempt.ts'

/** Held against the router of the server that serves them: two paths can differ in letters and match the same addresses. */
export function routePaths({ backend }: PluginManifest): ManifestFinding[] {
  const table = new Router()
  const seen = new Set<string>()
  return (backend?.routes ?? []).flatMap(({ method, path }, index) => {
    const name = `${method} ${path}`
    if (seen.has(name)) return []
    seen.add(name)
    const wrong = errorOf(() => table.add({ method, path }))
    if (wrong === undefined) return []
    return [finding('manifest-route-path', `/backend/routes/${index}/path`, { name, why: wrong })]
  })
}

/** Paths below `/_` are for the host alone; it asks one of them. */
export function healthPath({ backend }: PluginManifest): ManifestFinding[] {
  const routes = backend?.routes ?? []
  const wanted = backend?.health?.path
  const isAsked = ({ method, path }: { method: string; path: string }) => method === 'GET' && path === wanted
  const reserved = routes.flatMap((route, index) => {
    if (!route.path.startsWith('/_') || isAsked(route)) return []
    const name = `${route.method} ${route.path}`
    return [finding('manifest-health.reserved', `/backend/routes/${index}/path`, { name })]
  })
  if (wanted === undefined || routes.some(isAsked)) return reserved
  return [...reserved, finding('manifest-health.missing', '/backend/health/path', { path: wanted })]
}
