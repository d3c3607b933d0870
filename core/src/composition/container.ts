import 'reflect-metadata'
import { Container } from 'inversify'
import { AuditLog } from '../audit/audit-log.ts'
import { Strangers } from '../audit/strangers.ts'
import type { Config } from '../config/config.ts'
import type { MongoPlatform } from '../data/platform.ts'
import { RateLimits } from '../http/rate-limits.ts'
import type { HostLog } from '../observability/log.ts'
import { RequestMetrics } from '../observability/request-metrics.ts'
import { Policy } from '../policy/policy.ts'
import type { PolicyTable } from '../policy/table.ts'
import type { Clock } from '../ports.ts'
import { SocketHub } from '../realtime/hub.ts'
import { bindIdentity } from './identity-bindings.ts'
import { tokens } from './tokens.ts'

/** What exists before the container does. */
export interface Foundations {
  readonly config: Config
  readonly log: HostLog
  readonly clock: Clock
  readonly data: MongoPlatform
  readonly policyTable: PolicyTable
}

const recheckSocketsMs = 2000

/** Everything of the core except plugins, each made once when first asked for. */
export function createContainer({ config, log, clock, data, policyTable }: Foundations): Container {
  const container = new Container({ defaultScope: 'Singleton' })
  container.bind(tokens.config).toConstantValue(config)
  container.bind(tokens.log).toConstantValue(log)
  container.bind(tokens.clock).toConstantValue(clock)
  container.bind(tokens.data).toConstantValue(data)
  container.bind(tokens.policy).toConstantValue(new Policy(policyTable, log))
  container.bind(tokens.audit).toConstantValue(new AuditLog(data, clock))
  container.bind(tokens.strangers).toResolvedValue((audit) => new Strangers(audit), [tokens.audit])
  container.bind(tokens.limits).toConstantValue(new RateLimits(config.http.limits))
  bindIdentity(container, config)
  container.bind(tokens.realtime).toResolvedValue(
    (authenticator, sessions, policy, audit, strangers, limits) =>
      new SocketHub({
        authenticator,
        sessions,
        policy,
        audit,
        strangers,
        limit: limits.request.bind(limits),
        publicOrigin: config.http.publicOrigin,
        log,
        recheckMs: recheckSocketsMs,
        socketsPerAddress: config.http.limits.connectionsPerAddress,
      }),
    [tokens.authenticator, tokens.sessions, tokens.policy, tokens.audit, tokens.strangers, tokens.limits],
  )
  container
    .bind(tokens.metrics)
    .toDynamicValue(
      (context) => new RequestMetrics(() => context.get(tokens.plugins, { optional: true })?.status() ?? []),
    )
  return container
}
