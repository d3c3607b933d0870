import { Problem } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import { packageLimits, readPackage } from '@dcesop/sdk-plugin/package'
import type { Server } from '@hapi/hapi'
import type { Readable } from 'node:stream'
import { traceOf } from '../../audit/actor.ts'
import { addRoute, type CoreRequest, identityOf } from '../../http/core-route.ts'
import type { CoreRoutes } from '../../ports.ts'
import { readAll, refusedAsProblem } from '../administration/upload.ts'
import { ReasonedError } from '../journal/reasons.ts'
import type { DevSession } from './dev-session.ts'
import type { DevSessions } from './dev-sessions.ts'

type AnyRequest = Pick<CoreRequest<object>, 'raw'>

/**
 * `/api/dev/…`: `dcesop dev` begins a session and gets a code, a person with `dev:override` types it in their shell, and from then
 * on each build that the command sends serves that person's session. @param sessions undefined where the profile does not allow it
 */
export function devRoutes(sessions: DevSessions | undefined): CoreRoutes {
  const allowed = (): DevSessions => {
    if (sessions) return sessions
    throw new Problem(403, 'dev_overrides_off', 'This host takes no plugins in development.')
  }
  const sessionOf = (request: AnyRequest): DevSession => {
    const [, token] = /^Dev (\S{1,100})$/.exec(request.raw.req.headers.authorization ?? '') ?? []
    if (token === undefined) throw new Problem(401, 'dev_session_over', 'Say which development session with its token.')
    return allowed().byToken(token)
  }
  return {
    register(server: Server) {
      addRoute(server, {
        method: 'POST',
        path: '/api/dev/sessions',
        summary:
          'Begins a development session; its code is typed into the shell of the person who tries the plugin out.',
        access: 'public',
        activity: false,
        handler({ raw }, h) {
          const { session, token } = allowed().begin(clientAddress(raw.req))
          return h.response({ code: session.code, token }).code(201)
        },
      })
      addRoute(server, {
        method: 'POST',
        path: '/api/dev/sessions/current/beats',
        summary: 'Keeps a development session alive; tells who claimed it and what happened since.',
        access: 'public',
        activity: false,
        handler(request) {
          const session = sessionOf(request)
          return { owner: session.owner?.displayName ?? null, events: session.takeEvents() }
        },
      })
      addRoute<{ Payload: Readable }>(server, {
        method: 'PUT',
        path: '/api/dev/sessions/current/package',
        summary: 'Serves a build to the session that claimed this development session, and to nobody else.',
        access: 'public',
        activity: false,
        contentTypes: ['application/gzip'],
        payload: 'stream',
        maxBytes: packageLimits.packedBytes,
        async handler(request) {
          const session = sessionOf(request)
          const opened = await refusedAsProblem(async () =>
            readPackage(await readAll(request.payload), { development: true }),
          )
          await startedOrProblem(() => allowed().take(session, opened, traceOf(request.raw.req)))
          return { id: opened.manifest.id, version: opened.manifest.version }
        },
      })
      addRoute(server, {
        method: 'DELETE',
        path: '/api/dev/sessions/current',
        summary: 'Ends a development session: its person gets the installed version again.',
        access: 'public',
        activity: false,
        async handler(request, h) {
          await allowed().end(sessionOf(request), 'the command ended', traceOf(request.raw.req))
          return h.response().code(204)
        },
      })
      addRoute<{ Payload: { code: string } }>(server, {
        method: 'POST',
        path: '/api/dev/claims',
        summary: 'Claims the development session with this code for the own session.',
        access: { permission: 'dev:override' },
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['code'],
          properties: { code: { type: 'string', maxLength: 20 } },
        },
        async handler(request, h) {
          const code = request.payload.code.trim().toUpperCase()
          await allowed().claim(code, identityOf(request), traceOf(request.raw.req))
          return h.response().code(204)
        },
      })
    },
  }
}

async function startedOrProblem(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    // What did not start, and what the operator configured that does not fit: both are the author's to know.
    if (error instanceof ReasonedError) throw new Problem(422, 'plugin_start_failed', error.message, { cause: error })
    throw error
  }
}
