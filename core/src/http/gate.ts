import { Problem } from '@dcesop/sdk-plugin'
import { announcedWithin } from '@dcesop/sdk-plugin/http'
import type { Request, Server } from '@hapi/hapi'
import { denial } from '../audit/denial.ts'
import type { Strangers } from '../audit/strangers.ts'
import type { AuditPort, Authenticator, PolicyPort } from '../ports.ts'
import { refuseForeignOrigin } from './foreign-origin.ts'
import { contextOf } from './request-context.ts'
import type { RateLimits } from './rate-limits.ts'
import { checkMediaType, isForeignChange } from './state-change.ts'

export interface GateDeps {
  readonly authenticator: Authenticator
  readonly policy: PolicyPort
  readonly audit: AuditPort
  readonly strangers: Strangers
  readonly limits: RateLimits
  readonly publicOrigin: string | null
}

const jsonOnly: readonly string[] = ['application/json']

/** Puts authentication, origin and type checks, limits and policy before every route of a server, in this order, before any body is read. */
export function installGate(server: Server, deps: GateDeps): void {
  const limit = deps.limits.request.bind(deps.limits)
  server.auth.scheme('dcesop', () => ({
    async authenticate(request, h) {
      const { access, activity = true, recordsStrangers = true } = policyOf(request) ?? {}
      const identity = await deps.authenticator.authenticate(request.raw.req, { activity })
      if (!identity) await limit(request.raw.req, undefined)
      if (!identity && access !== 'optional' && recordsStrangers) await deps.strangers.refused(request.raw.req)
      if (!identity) return h.unauthenticated(new Problem(401, 'not_signed_in', 'Sign in first.'))
      contextOf(request.raw.req).identity = identity
      return h.authenticated({ credentials: { identity } })
    },
  }))
  server.auth.strategy('dcesop', 'dcesop')
  server.auth.default('dcesop')

  server.ext('onPreAuth', async (request, h) => {
    const raw = request.raw.req
    contextOf(raw).route = request.route.path
    if (isForeignChange(raw, deps.publicOrigin)) await refuseForeignOrigin(raw, { ...deps, limit })
    if (policyOf(request)?.access === 'public') await limit(raw, undefined)
    checkMediaType(raw, policyOf(request)?.contentTypes ?? jsonOnly)
    announcedWithin(raw, request.route.settings.payload?.maxBytes ?? Infinity)
    return h.continue
  })

  server.ext('onCredentials', async (request, h) => {
    const { identity } = contextOf(request.raw.req)
    const access = policyOf(request)?.access
    if (!identity || access === 'optional') return h.continue
    await limit(request.raw.req, identity)
    if (typeof access !== 'object') return h.continue
    const { permission } = access
    const decision = deps.policy.decide(identity, { permission })
    if (decision.allowed) return h.continue
    const { reason } = decision
    await deps.audit.append(denial(request.raw.req, identity, { reason, details: { permission } }))
    throw new Problem(403, 'forbidden', 'Your role does not allow this.')
  })
}

function policyOf(request: Request) {
  return request.route.settings.plugins?.dcesop
}
