import type { RegistryConfig } from '../config/config.ts'
import type { Routes } from '../http/server.ts'
import type { Advisories } from '../packages/advisories/advisories.ts'
import { Yanks } from '../governance/yanks.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Publisher } from '../packages/publish/publisher.ts'
import type { Spool } from '../storage/spool.ts'
import type { Blobs } from '../storage/blobs.ts'
import type { Database } from '../storage/database.ts'
import type { Trust } from '../trust/open-trust.ts'
import { BundleImports } from './bundle/bundle-imports.ts'
import { bundleRoutes } from './bundle/bundle-routes.ts'
import { ForeignApprovals } from './bundle/foreign-approvals.ts'
import { ForeignKeys } from './bundle/foreign-keys.ts'
import { ForeignYanks } from './bundle/foreign-yanks.ts'
import { importRoutes } from './bundle/import-routes.ts'
import { Origins } from './bundle/origins.ts'
import { InstanceFeeds } from './instances/instance-feeds.ts'
import { instanceRoutes } from './instances/instance-routes.ts'
import { Instances } from './instances/instances.ts'
import { pluginRoutes } from './plugins/plugin-routes.ts'
import { versionRoutes } from './plugins/version-routes.ts'
import { Offered } from './resolve/offered.ts'
import { resolveRoutes } from './resolve/resolve-routes.ts'

export interface DistributionDeps {
  readonly config: RegistryConfig
  readonly database: Database
  readonly blobs: Blobs
  readonly trust: Trust
  readonly advisories: Advisories
  readonly scopes: Scopes
  readonly spool: Spool
  readonly publisher: Publisher
}

/** What instances ask for: plugins, plans, bundles. */
export function openDistribution(deps: DistributionDeps): Routes[] {
  const { config, database, blobs, trust, advisories, scopes, spool, publisher } = deps
  const { catalogue, log, logged, keys, snapshots } = trust
  const { channels } = config.governance
  const offered = new Offered(channels)
  const origins = new Origins(database)
  return [
    pluginRoutes({ database, catalogue, log, advisories, channels, origins }),
    versionRoutes(catalogue),
    resolveRoutes({ catalogue, offered, channels, publicUrl: config.http.publicUrl }),
    bundleRoutes({ database, blobs, keys, log, snapshots }),
    importRoutes(
      new BundleImports({
        ...config.trust.origins,
        roots: trust.originRoots,
        database,
        scopes,
        spool,
        publisher,
        origins,
        keys: new ForeignKeys(database, log),
        approvals: new ForeignApprovals({ database, keys, log, origins }),
        yanks: new ForeignYanks(database, new Yanks(database, scopes, log), origins),
      }),
    ),
    instanceRoutes(
      new Instances(database, log),
      new InstanceFeeds({ database, catalogue, logged, offered, snapshots, keys }),
      channels,
    ),
  ]
}
