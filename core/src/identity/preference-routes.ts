import { addRoute, identityOf } from '../http/core-route.ts'
import { writeCondition } from '../http/write-condition.ts'
import type { CoreRoutes } from '../ports.ts'
import type { Preferences } from './preferences.ts'

interface Params {
  key: string
}

const params = {
  type: 'object',
  additionalProperties: false,
  required: ['key'],
  properties: { key: { type: 'string', pattern: '^[a-z][a-z0-9.-]{0,63}$' } },
}
const body = { type: 'object', additionalProperties: false, required: ['value'], properties: { value: true } }

/** `GET` and `PUT /api/me/preferences/{key}` with `ETag`, `If-Match` and `If-None-Match`; 204 while nothing is kept; 64 KiB each. */
export function preferenceRoutes(preferences: Preferences): CoreRoutes {
  return {
    register(server) {
      addRoute<{ Params: Params }>(server, {
        method: 'GET',
        path: '/api/me/preferences/{key}',
        summary: 'A setting that your console keeps on the host.',
        access: 'signed-in',
        params,
        async handler(request, h) {
          const kept = await preferences.read(identityOf(request).subject, request.params.key)
          // Nothing kept yet is the normal state of a new person's console, not an error.
          if (!kept) return h.response().code(204)
          return h.response({ value: kept.value }).header('etag', etagOf(kept.revision))
        },
      })
      addRoute<{ Params: Params; Payload: { value: unknown } }>(server, {
        method: 'PUT',
        path: '/api/me/preferences/{key}',
        timeoutMs: 5_000,
        summary: 'Keeps a setting of your console on the host.',
        access: 'signed-in',
        params,
        body,
        maxBytes: 64 * 1024,
        async handler(request, h) {
          const { value, revision } = await preferences.write(
            identityOf(request).subject,
            request.params.key,
            request.payload.value,
            writeCondition(request.raw.req.headers),
          )
          return h.response({ value }).header('etag', etagOf(revision))
        },
      })
    },
  }
}

function etagOf(revision: number): string {
  return `"${revision}"`
}
