import type { Server } from '@hapi/hapi'
import { traceOf } from '../audit/actor.ts'
import { addRoute, identityOf } from '../http/core-route.ts'
import type { CoreRoutes, StepUpPort } from '../ports.ts'
import { type AccountPasswords, resetPermission } from './account-passwords.ts'
import { type Cookies, withCookie } from './cookies.ts'
import type { Sessions } from './sessions.ts'

export interface PasswordRoutesDeps {
  readonly accountPasswords: AccountPasswords
  readonly cookies: Cookies
  readonly sessions: Sessions
  readonly stepUp: StepUpPort
}

const password = { type: 'string', minLength: 1, maxLength: 256 }
const username = { type: 'string', minLength: 1, maxLength: 128 }

/** A person's change of their own password, and an administrator's reset of another's. */
export function passwordRoutes({ accountPasswords, cookies, sessions, stepUp }: PasswordRoutesDeps): CoreRoutes {
  return {
    register(server: Server) {
      addRoute<{ Payload: { current: string; next: string } }>(server, {
        method: 'POST',
        path: '/api/auth/password',
        summary: 'Changes your own password; your other sessions end, and this one gets a new token.',
        access: 'signed-in',
        maxBytes: 4096,
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['current', 'next'],
          properties: { current: password, next: password },
        },
        async handler(request, h) {
          const identity = identityOf(request)
          const { current, next } = request.payload
          await accountPasswords.change(identity, current, next, traceOf(request.raw.req))
          const token = await sessions.rotate(identity.sessionId)
          const reply = h.response().code(204)
          return token === undefined ? reply : withCookie(reply, cookies.setSession(token))
        },
      })
      addRoute<{ Payload: { username: string } }>(server, {
        method: 'POST',
        path: '/api/admin/accounts/password-reset',
        summary: 'Gives a person of your regions a password for one sign-in, at which they choose another.',
        access: { permission: resetPermission },
        maxBytes: 4096,
        body: { type: 'object', additionalProperties: false, required: ['username'], properties: { username } },
        async handler(request) {
          const identity = identityOf(request)
          const { payload } = request
          await stepUp.require(identity, 'account.password.reset', { ...payload })
          const given = await accountPasswords.reset(identity, payload.username, traceOf(request.raw.req))
          return { username: payload.username, password: given.password, expiresAt: given.expiresAt.toISOString() }
        },
      })
    },
  }
}
