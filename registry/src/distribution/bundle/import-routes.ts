import { Problem } from '@dcesop/sdk-plugin'
import { limitedStream } from '@dcesop/sdk-plugin/http'
import { signedIn } from '../../http/authentication.ts'
import type { Routes } from '../../http/server.ts'
import { isAdmin } from '../../identity/caller.ts'
import type { BundleImports } from './bundle-imports.ts'

/** What `readBundle` reads at most, and the archive around it; a hundred plugins are more than the server takes elsewhere. */
const largestBundle = 520 * 1024 * 1024

/** `POST /-/dcesop/v1/imports`: administrators of all regions bring a bundle of another registry. */
export function importRoutes(imports: BundleImports): Routes {
  return (server) =>
    server.route({
      method: 'POST',
      path: '/-/dcesop/v1/imports',
      options: { payload: { maxBytes: largestBundle } },
      async handler(request, h) {
        const caller = signedIn(request)
        if (!isAdmin(caller)) throw new Problem(403, 'forbidden', 'Administrators of all regions import bundles.')
        if (request.raw.req.headers['content-type'] !== 'application/x-tar')
          throw new Problem(415, 'unsupported_media_type', 'Send the bundle as application/x-tar.')
        // Of one without a length hapi counts nothing.
        const body = limitedStream(request.raw.req, largestBundle)
        return h.response(await imports.import(caller, body)).code(201)
      },
    })
}
