import type { RegistryConfig } from '../config/config.ts'
import type { Routes } from '../http/server.ts'
import type { Advisories } from '../packages/advisories/advisories.ts'
import type { Blobs } from '../storage/blobs.ts'
import type { Database } from '../storage/database.ts'
import type { Trust } from '../trust/open-trust.ts'
import { bundleRoutes } from './bundle/bundle-routes.ts'
import { InstanceFeeds } from './instances/instance-feeds.ts'
import { instanceRoutes } from './instances/instance-routes.ts'
import { Instances } from './instances/instances.ts'
import { pluginRoutes } from './plugins/plugin-routes.ts'
import { Offered } from './resolve/offered.ts'
import { resolveRoutes } from './resolve/resolve-routes.ts'

export interface DistributionDeps {
  readonly config: RegistryConfig
  readonly database: Database
  readonly blobs: Blobs
  readonly trust: Trust
  readonly advisories: Advisories
}

/** What instances ask for: plugins, plans, bundles. */
export function openDistribution({ config, database, blobs, trust, advisories }: DistributionDeps): Routes[] {
  const { catalogue, log, keys, snapshots } = trust
  const { channels } = config.governance
  const offered = new Offered(channels)
  return [
    pluginRoutes({ database, catalogue, log, advisories, channels }),
    resolveRoutes({ catalogue, offered, channels, publicUrl: config.http.publicUrl }),
    bundleRoutes({ database, blobs, keys, snapshots }),
    instanceRoutes(
      new Instances(database, log),
      new InstanceFeeds({ database, catalogue, offered, snapshots, keys }),
      channels,
    ),
  ]
}
