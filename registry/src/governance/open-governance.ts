import type { GovernanceConfig } from '../config/config.ts'
import type { RateLimits } from '../http/rate-limits.ts'
import type { Routes } from '../http/server.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Database } from '../storage/database.ts'
import type { Trust } from '../trust/open-trust.ts'
import { Channels } from './channels.ts'
import { Decisions } from './decisions.ts'
import { governanceRoutes } from './governance-routes.ts'
import { Grants } from './grants.ts'
import { Yanks } from './yanks.ts'

export interface GovernanceDeps {
  readonly config: GovernanceConfig
  readonly database: Database
  readonly scopes: Scopes
  readonly limits: RateLimits
  readonly trust: Trust
}

/** What people decide about versions, with its routes. */
export function openGovernance({ config, database, scopes, limits, trust }: GovernanceDeps): Routes {
  const { keys, log, catalogue } = trust
  return governanceRoutes({
    database,
    catalogue,
    limits,
    decisions: new Decisions({ database, scopes, keys, log, config }),
    yanks: new Yanks(database, scopes, log),
    channels: new Channels({ database, scopes, log, channels: config.channels }),
    grants: new Grants(database, log),
    channelNames: config.channels,
  })
}
