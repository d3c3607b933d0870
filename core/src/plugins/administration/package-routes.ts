import { Problem } from '@dcesop/sdk-plugin'
import type { Server } from '@hapi/hapi'
import { addRoute, identityOf } from '../../http/core-route.ts'
import type { CoreRoutes } from '../../ports.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { evidenceFor } from './regional-evidence.ts'
import { removalOf } from './removal.ts'
import { closed, pluginId, version } from './schemas.ts'
import { usageOf } from './usage.ts'

const access = { permission: 'platform.plugins:read' } as const

/** What an administrator reads before deciding: the manifest of a version, who else lives on a plugin, and what its removal means. */
export function packageRoutes(parts: LifecycleParts): CoreRoutes {
  return {
    register(server: Server) {
      addRoute<{ Params: { id: string; version: string } }>(server, {
        method: 'GET',
        path: '/api/admin/plugins/{id}/versions/{version}',
        summary: 'One version in the store with its manifest.',
        access,
        params: closed({ id: pluginId, version }),
        async handler(request) {
          const { params } = request
          const entry = await parts.catalogue.find(params.id, params.version)
          if (!entry)
            throw new Problem(404, 'package_not_found', `The store has no ${params.version} of "${params.id}".`)
          const { digest, manifest, source, putAt, evidence } = entry
          const told = evidenceFor(evidence, identityOf(request).regions)
          return { manifest, sha512: digest, source, putAt: putAt.toISOString(), evidence: told }
        },
      })
      addRoute<{ Params: { id: string } }>(server, {
        method: 'GET',
        path: '/api/admin/plugins/{id}/usage',
        summary: 'What uses an installed plugin and what it uses: screens, extension points, capabilities.',
        access,
        params: closed({ id: pluginId }),
        handler({ params }) {
          const running = [...parts.slots.values()].flatMap(({ active }) => (active ? [active.manifest] : []))
          const own = running.find((manifest) => manifest.id === params.id)
          return own ? { running: true, ...usageOf(own, running) } : { running: false }
        },
      })
      addRoute<{ Params: { id: string } }>(server, {
        method: 'GET',
        path: '/api/admin/plugins/{id}/removal',
        summary: 'What an uninstallation would meet, take away and leave, in all regions.',
        access: { permission: 'platform.plugins:manage' },
        params: closed({ id: pluginId }),
        handler: ({ params }) => removalOf(parts, params.id),
      })
    },
  }
}
