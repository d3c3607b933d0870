import { Problem } from '@dcesop/sdk-plugin'
import type { Readable } from 'node:stream'
import { signedIn } from '../http/authentication.ts'
import { requireJson } from '../http/json-route.ts'
import type { Json } from '@dcesop/sdk-plugin/host'
import type { RateLimits } from '../http/rate-limits.ts'
import type { Routes } from '../http/server.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Spool } from '../storage/spool.ts'
import { parseName } from './names.ts'
import type { Publisher } from './publish/publisher.ts'
import { readDocument } from './publish/read-document.ts'
import { publishWish } from './publish/submission.ts'
import type { PackageChanges } from './package-changes.ts'
import { unpublishRefused } from './unpublish-refused.ts'

export interface WriteRoutesDeps {
  readonly spool: Spool
  readonly scopes: Scopes
  readonly limits: RateLimits
  readonly publisher: Publisher
  readonly changes: PackageChanges
}

/** yarn says it of every scoped package; npm and pnpm only when somebody asked for it, who would be published to all for ever. @throws Problem 400 */
function refuseRestricted({ access }: Json, agent = ''): void {
  if (access === 'restricted' && /^p?npm\//.test(agent))
    throw new Problem(
      400,
      'not_supported',
      'Packages cannot be restricted: everybody who reaches the registry reads all of it. Publish without --access restricted, or protect the registry.',
    )
}

/** `npm publish`, and what npm does by putting a whole package document: `deprecate`, `owner`, `star`. */
export function writeRoutes({ spool, scopes, limits, publisher, changes }: WriteRoutesDeps): Routes {
  return (server) => {
    for (const path of ['/{name}', '/{name}/-rev/{rev}'])
      server.route({
        method: 'PUT',
        path,
        async handler(request, h) {
          const caller = signedIn(request)
          const name = parseName((request.params as Record<string, string>)['name'] ?? '')
          await limits.publish(caller.user)
          await scopes.mayWrite(caller, name)
          requireJson(request)
          if (request.raw.req.headers['content-encoding'] !== undefined)
            throw new Problem(415, 'unsupported_media_type', 'Send the document without a content encoding.')
          const sent = await readDocument(request.payload as Readable, spool)
          try {
            // One without its data is a publish that went wrong.
            if (Object.keys((sent.document['_attachments'] ?? {}) as object).length === 0) {
              await changes.apply(caller, name, sent.document, (request.params as Record<string, string>)['rev'])
              return h.response({ ok: true, id: name.full }).code(200)
            }
            refuseRestricted(sent.document, request.headers['user-agent'] as string | undefined)
            const wish = await publishWish(sent, name, (version) => publisher.isPublished(name.full, version))
            await publisher.publish(caller, name, wish)
            return h.response({ ok: true, id: name.full, success: true }).code(201)
          } finally {
            for (const { file } of sent.attachments.values()) await file.discard()
          }
        },
      })

    for (const path of ['/{name}/-rev/{rev}', '/{name}/-/{file}/-rev/{rev}', '/{name}'])
      server.route({
        method: 'DELETE',
        path,
        handler(request) {
          const name = parseName((request.params as Record<string, string>)['name'] ?? '')
          throw unpublishRefused(`${name.full}@<version>`)
        },
      })
  }
}
