import type { Container } from 'inversify'
import { auditRoutes } from '../audit/routes.ts'
import { cspReportRoutes } from '../http/csp-reports.ts'
import { type Accepting, healthRoutes } from '../http/health.ts'
import { openApiRoutes } from '../http/openapi.ts'
import { docsRoutes } from '../http/docs-site.ts'
import { shellRoutes } from '../http/static-shell.ts'
import { authRoutes } from '../identity/auth-routes.ts'
import { oauthRoutes } from '../identity/oauth-route.ts'
import { passwordRoutes } from '../identity/password-routes.ts'
import { preferenceRoutes } from '../identity/preference-routes.ts'
import { metricsRoutes } from '../observability/metrics-route.ts'
import type { CoreRoutes, ReadinessProbe } from '../ports.ts'
import { tokens } from './tokens.ts'

/** Every route of the front door; the plugin host brings its own. */
export function coreRoutesOf(container: Container, accepting: Accepting): CoreRoutes[] {
  const config = container.get(tokens.config)
  const audit = container.get(tokens.audit)
  const limits = container.get(tokens.limits)
  const plugins = container.get(tokens.plugins)
  const metrics = container.get(tokens.metrics)
  const probes = [databaseProbe(container), plugins.readiness]
  const limitSignIn = limits.signIn.bind(limits)
  return [
    healthRoutes(accepting, probes),
    metricsRoutes(metrics),
    cspReportRoutes(container.get(tokens.log), (directive) => metrics.countCspReport(directive)),
    openApiRoutes(() => plugins.servedRoutes()),
    authRoutes({
      cookies: container.get(tokens.cookies),
      sessions: container.get(tokens.sessions),
      signIn: container.get(tokens.signIn),
      stepUp: container.get(tokens.stepUp),
      audit,
      limitSignIn,
    }),
    passwordRoutes({
      accountPasswords: container.get(tokens.accountPasswords),
      cookies: container.get(tokens.cookies),
      sessions: container.get(tokens.sessions),
      stepUp: container.get(tokens.stepUp),
    }),
    oauthRoutes({ tokens: container.get(tokens.machineTokens), audit, limitSignIn }),
    preferenceRoutes(container.get(tokens.preferences)),
    auditRoutes(audit, container.get(tokens.accounts)),
    ...plugins.routes,
    ...(config.http.docsDirectory === null ? [] : [docsRoutes(config.http.docsDirectory)]),
    shellRoutes(config.http.shellDirectory, plugins.feedKey, () => plugins.pageSources()),
  ]
}

export function databaseProbe(container: Container): ReadinessProbe {
  const { mongodbUri } = container.get(tokens.config).data
  return container.get(tokens.data).readiness(mongodbUri === null ? 'embedded' : 'mongodb')
}
