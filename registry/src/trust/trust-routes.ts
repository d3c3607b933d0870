import { Problem } from '@dcesop/sdk-plugin'
import { seenText } from '@dcesop/sdk-plugin/http'
import { type KeyRole, keyRoles } from '@dcesop/sdk-plugin/signing'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import { type Caller, isAdmin } from '../identity/caller.ts'
import type { Database } from '../storage/database.ts'
import { announceKeys } from './keys/announce-keys.ts'
import type { RegistryKeys } from './keys/registry-keys.ts'
import { resignVersions } from './keys/resign-versions.ts'
import type { TransparencyLog } from './log/transparency-log.ts'
import type { Snapshots } from './snapshot/snapshots.ts'

export interface TrustRoutesDeps {
  readonly database: Database
  readonly keys: RegistryKeys
  readonly log: TransparencyLog
  readonly snapshots: Snapshots
}

const keyid = { type: 'string', pattern: '^SHA256:[A-Za-z0-9+/]{43}$' }
const rotation = {
  type: 'object',
  additionalProperties: false,
  required: ['role'],
  properties: { role: { enum: [...keyRoles] } },
}
const revocation = {
  type: 'object',
  additionalProperties: false,
  required: ['keyid', 'reason'],
  properties: { keyid, reason: seenText(500) },
}

/** The registry's keys and its snapshot. */
export function trustRoutes({ database, keys, log, snapshots }: TrustRoutesDeps): Routes {
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/keys',
      access: 'anyone',
      handler: (_call, h) => {
        const { envelope, trusted } = keys
        const unchanged = h.entity({ etag: `keys-${trusted.list.version}`, vary: false })
        return (unchanged ?? h.response(envelope)).header('cache-control', revalidate)
      },
    })
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/keys/rotations',
      access: 'signed-in',
      body: rotation,
      async handler({ caller, body }, h) {
        requireGlobalAdmin(caller())
        const made = await keys.rotate((body as { role: KeyRole }).role)
        await announceKeys(keys, database, log, caller().user)
        return h.response({ ...made, list: keys.trusted.list.version }).code(201)
      },
    })
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/keys/revocations',
      access: 'signed-in',
      body: revocation,
      async handler({ caller, body }, h) {
        requireGlobalAdmin(caller())
        const wish = body as { keyid: string; reason: string }
        await keys.revoke(wish.keyid, wish.reason)
        await announceKeys(keys, database, log, caller().user)
        const resigned = await resignVersions(database, keys, log)
        return h.response({ keyid: wish.keyid, list: keys.trusted.list.version, resigned }).code(201)
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/snapshot',
      access: 'anyone',
      async handler(_call, h) {
        const { envelope, snapshot } = await snapshots.current()
        const unchanged = h.entity({ etag: `snapshot-${snapshot.number}`, vary: false })
        return (unchanged ?? h.response(envelope)).header('cache-control', revalidate)
      },
    })
  }
}

export const revalidate = 'public, max-age=0, must-revalidate'

/** Keys are of all regions. @throws Problem 403 */
function requireGlobalAdmin(caller: Caller): void {
  if (!isAdmin(caller)) throw new Problem(403, 'forbidden', 'Administrators of all regions change the keys.')
}
