import { Problem } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { Request, Server } from '@hapi/hapi'
import type { IncomingMessage } from 'node:http'
import type { Caller } from '../identity/caller.ts'
import type { Tokens } from '../identity/tokens.ts'
import type { RateLimits } from './rate-limits.ts'
import { contextOf } from './request-context.ts'

const safeMethods = new Set(['get', 'head'])

/** Bearer tokens before every route: `required` where a route says nothing else, `try` where anybody may read. */
export function installAuthentication(server: Server, tokens: Tokens, limits: RateLimits): void {
  server.auth.scheme('token', () => ({
    async authenticate(request, h) {
      const caller = await callerOf(request.raw.req, tokens)
      if (!caller) return h.unauthenticated(notSignedIn(request.raw.req))
      contextOf(request.raw.req).caller = caller
      return h.authenticated({ credentials: {} })
    },
  }))
  server.auth.strategy('token', 'token')
  server.auth.default('token')
  server.ext('onRequest', async (request, h) => {
    await limits.request(clientAddress(request.raw.req))
    return h.continue
  })
  server.ext('onCredentials', (request, h) => {
    const caller = contextOf(request.raw.req).caller
    if (caller?.readonly && !safeMethods.has(request.method) && !reading(request))
      throw new Problem(
        403,
        'read_only_token',
        'The token may only read. One that may publish: npm token create --packages-and-scopes-permission read-write.',
      )
    return h.continue
  })
}

async function callerOf(request: IncomingMessage, tokens: Tokens): Promise<Caller | undefined> {
  const secret = bearerOf(request)
  return secret === undefined ? undefined : tokens.callerOf(secret, clientAddress(request))
}

/** Who believes to be signed in is told why it does not count. */
function notSignedIn({ headers }: IncomingMessage): Problem {
  const sent = headers.authorization ?? ''
  const why = /^bearer /i.test(sent)
    ? 'This token is not known here: it was revoked, has expired, or is of another registry. Sign in anew: npm login.'
    : sent === ''
      ? 'Sign in first: npm login.'
      : 'Only a token is taken, no name and password: npm login makes one.'
  return new Problem(401, 'not_signed_in', why)
}

/** The token that was sent, whoever may have made it. */
export function bearerOf(request: IncomingMessage): string | undefined {
  return /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

function reading(request: Request): boolean {
  return request.route.settings.tags?.includes('reading') === true
}

/** Who calls. @throws Problem 401 where the route lets anybody in and nobody signed in */
export function signedIn(request: Request): Caller {
  const caller = contextOf(request.raw.req).caller
  if (!caller) throw notSignedIn(request.raw.req)
  return caller
}
