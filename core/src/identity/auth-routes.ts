import { Problem } from '@dcesop/sdk-plugin'
import type { ResponseToolkit, Server } from '@hapi/hapi'
import type { IncomingMessage } from 'node:http'
import { askedBy, traceOf } from '../audit/actor.ts'
import { addRoute, identityOf } from '../http/core-route.ts'
import type { AuditPort, CoreRoutes } from '../ports.ts'
import { type Cookies, withCookie } from './cookies.ts'
import type { SessionView } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { SignIn, SignInInput } from './sign-in.ts'
import type { StepUp, StepUpInput } from './step-up.ts'

export interface AuthRoutesDeps {
  readonly cookies: Cookies
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly stepUp: StepUp
  readonly audit: AuditPort
  /** Throws Problem 429 when the address has used up its sign-ins. */
  readonly limitSignIn: (request: IncomingMessage) => Promise<void>
}

const code = { type: 'string', pattern: '^[0-9]{6}$' }
const password = { type: 'string', minLength: 1, maxLength: 256 }
const anyJsonObject = { type: 'object', maxProperties: 50 }

/** Sign-in, sign-out, who am I, activity and step-up of people. */
export function authRoutes(deps: AuthRoutesDeps): CoreRoutes {
  return {
    register(server) {
      login(server, deps)
      logout(server, deps)
      session(server, deps)
      stepUp(server, deps)
    },
  }
}

function login(server: Server, { cookies, sessions, signIn, limitSignIn }: AuthRoutesDeps): void {
  addRoute<{ Payload: SignInInput }>(server, {
    method: 'POST',
    path: '/api/auth/login',
    summary: 'Signs a person in and sets the session cookie.',
    access: 'public',
    maxBytes: 4096,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['username', 'password'],
      properties: {
        username: { type: 'string', minLength: 1, maxLength: 128 },
        password,
        totp: code,
        newPassword: password,
      },
    },
    async handler(request, h) {
      const raw = request.raw.req
      await limitSignIn(raw)
      const signedIn = await signIn.signIn(request.payload, {
        ...traceOf(raw),
        device: cookies.read(raw, cookies.device),
      })
      await endPresented(raw, cookies, sessions)
      const reply = withCookie(h.response(await viewOf(sessions, signedIn.token)), cookies.setSession(signedIn.token))
      return signedIn.device === undefined ? reply : withCookie(reply, cookies.setDevice(signedIn.device))
    },
  })
}

function logout(server: Server, { cookies, sessions, audit }: AuthRoutesDeps): void {
  addRoute(server, {
    method: 'POST',
    path: '/api/auth/logout',
    timeoutMs: 5_000,
    summary: 'Ends the session.',
    access: 'signed-in',
    async handler(request, h) {
      const identity = identityOf(request)
      await sessions.end(identity.sessionId, identity.subject, 'signed_out')
      await audit.append({
        action: 'session.sign-out',
        outcome: 'allowed',
        ...askedBy(request),
      })
      return withCookie(h.response().code(204), cookies.clearSession())
    },
  })
}

function session(server: Server, { cookies, sessions }: AuthRoutesDeps): void {
  const view = (raw: IncomingMessage) => viewOf(sessions, cookies.read(raw, cookies.session))
  addRoute(server, {
    method: 'GET',
    path: '/api/auth/session',
    summary: 'Who is signed in, with which permissions, and how long the session lasts; is not activity.',
    access: 'signed-in',
    activity: false,
    // The sign-in page asks it first.
    recordsStrangers: false,
    handler: (request) => view(request.raw.req),
  })
  addRoute(server, {
    method: 'POST',
    path: '/api/auth/activity',
    timeoutMs: 5_000,
    summary: 'The person is there: the idle time starts afresh.',
    access: 'signed-in',
    handler: (request) => view(request.raw.req),
  })
}

function stepUp(server: Server, { cookies, sessions, stepUp: grants }: AuthRoutesDeps): void {
  addRoute<{ Payload: StepUpInput }>(server, {
    method: 'POST',
    path: '/api/auth/step-up',
    timeoutMs: 5_000,
    summary:
      'Proves again who is signed in, for one operation with exactly these parameters; gives the session a new token.',
    access: 'signed-in',
    maxBytes: 16 * 1024,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['operation', 'parameters'],
      properties: {
        operation: { type: 'string', pattern: '^[a-z][a-z0-9.-]{0,99}$' },
        parameters: anyJsonObject,
        totp: code,
        password,
      },
      oneOf: [{ required: ['totp'] }, { required: ['password'] }],
    },
    async handler(request, h: ResponseToolkit) {
      const identity = identityOf(request)
      await grants.grant(identity, request.payload, traceOf(request.raw.req))
      const token = await sessions.rotate(identity.sessionId)
      if (token === undefined) throw new Problem(401, 'not_signed_in', 'The session ended in the meantime.')
      return withCookie(h.response(await viewOf(sessions, token)), cookies.setSession(token))
    },
  })
}

async function viewOf(sessions: Sessions, token: string | undefined): Promise<SessionView> {
  const view = token === undefined ? undefined : await sessions.view(token)
  if (!view) throw new Problem(401, 'not_signed_in', 'Sign in first.')
  return view
}

/** A sign-in over a live session replaces it: two sessions never share a browser. */
async function endPresented(raw: IncomingMessage, cookies: Cookies, sessions: Sessions): Promise<void> {
  const token = cookies.read(raw, cookies.session)
  const identity = token === undefined ? undefined : await sessions.identify(token, false)
  if (identity) await sessions.end(identity.sessionId, identity.subject, 'replaced')
}
