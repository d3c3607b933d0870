import type { UiFeed } from '@dcesop/sdk-plugin/contracts'
import type { Server } from '@hapi/hapi'
import { createHash } from 'node:crypto'
import { addRoute, identityOf } from '../../http/core-route.ts'
import type { CoreRoutes, Identity, PolicyPort } from '../../ports.ts'
import type { FeedSigner } from './feed-key.ts'

/** `GET /api/ui/feed` and `GET /api/ui/feed-key`. */
export function feedRoutes(signer: () => FeedSigner, feedFor: (identity: Identity) => Promise<UiFeed>): CoreRoutes {
  return {
    register(server: Server) {
      addRoute(server, {
        method: 'GET',
        path: '/api/ui/feed',
        summary: 'What your shell may load: pages, extensions, files with their hashes, locales; signed.',
        access: 'signed-in',
        activity: false,
        async handler(request, h) {
          const signed = signer().sign(await feedFor(identityOf(request)))
          const etag = createHash('sha256').update(signed.payload).digest('base64url').slice(0, 27)
          return h
            .response(signed)
            .etag(etag, { weak: false, vary: false })
            .header('cache-control', 'private, no-cache')
        },
      })
      addRoute(server, {
        method: 'GET',
        path: '/api/ui/feed-key',
        summary: 'Public key of the feed, as JWK.',
        access: 'public',
        activity: false,
        handler: () => signer().publicKey,
      })
    },
  }
}

/** Permissions of the policy table, for the feed. */
export function mayOf(policy: PolicyPort, identity: Identity): (permission: string) => boolean {
  return (permission) => policy.decide(identity, { permission }).allowed
}
