import type { Disposable, Log } from '@dcesop/sdk-plugin'
import type { RateLimits } from '../../http/rate-limits.ts'
import type { Routes } from '../../http/server.ts'
import type { Scopes } from '../../identity/scopes.ts'
import type { Database } from '../../storage/database.ts'
import { sweepDaily } from '../../storage/sweep.ts'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'
import { followedRoutes } from '../instances/followed-routes.ts'
import { Instances } from '../instances/instances.ts'
import { incidentRoutes } from './incident-routes.ts'
import { Incidents } from './incidents.ts'
import { ReportTokens } from './report-tokens.ts'

export interface IncidentsDeps {
  readonly database: Database
  readonly scopes: Scopes
  readonly limits: RateLimits
  readonly transparency: TransparencyLog
  readonly log: Log
  /** From the least to the most stable. */
  readonly channels: readonly string[]
}

/** What hosts report about versions, with its routes; it forgets by itself until it is disposed. */
export async function openIncidents(deps: IncidentsDeps): Promise<Disposable & { readonly routes: readonly Routes[] }> {
  const { database, scopes, limits, transparency, log, channels } = deps
  const instances = new Instances(database, transparency)
  const tokens = new ReportTokens(database, instances, transparency)
  const incidents = new Incidents(database)
  await tokens.prepare()
  await incidents.prepare()
  const sweep = await sweepDaily('old incidents', () => incidents.forgetOld(), log)
  const routes = [
    incidentRoutes({ database, scopes, limits, tokens, incidents }),
    followedRoutes({ instances, tokens, limits, channels }),
  ]
  return { routes, dispose: () => sweep.dispose() }
}
