import { type PluginRoute, Validators } from '@dcesop/sdk-plugin/http'
import type { AuditPort, Log } from '../../ports.ts'
import { type ChildServer, createChildServer } from './child-server.ts'
import { toHapiRoute } from './plugin-route.ts'

/** A child server with a plugin's routes. */
export function serveRoutes(
  routes: readonly PluginRoute[],
  { plugin, version }: { readonly plugin: string; readonly version: string },
  { audit, log }: { readonly audit: AuditPort; readonly log: Log },
): Promise<ChildServer> {
  const validators = new Validators()
  return createChildServer(
    routes.map((route) => toHapiRoute(route, { plugin, version, audit }, validators)),
    log,
  )
}
