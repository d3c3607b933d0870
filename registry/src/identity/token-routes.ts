import { Problem } from '@dcesop/sdk-plugin'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import type { TokenDocument } from '../storage/documents.ts'
import type { Accounts } from './accounts.ts'
import { isNetwork } from './networks.ts'
import { originOf, type SignIn } from './sign-in.ts'
import type { Tokens } from './tokens.ts'

interface TokenBody {
  readonly password: string
  readonly name?: string | null
  readonly description?: string | null
  readonly readonly?: boolean | null
  readonly cidr_whitelist?: readonly string[] | null
  readonly expires?: number | string | null
  readonly packages_and_scopes_permission?: string | null
}

const optionalText = { type: ['string', 'null'], maxLength: 200 }
/** Granular wishes of newer npm: a token that can do more than was asked for must not be made. */
const notNarrowedBy = ['packages', 'scopes', 'orgs', 'orgs_permission'] as const
const tokenBody = {
  type: 'object',
  additionalProperties: false,
  required: ['password'],
  properties: {
    password: { type: 'string', maxLength: 1024 },
    name: optionalText,
    description: optionalText,
    readonly: { type: ['boolean', 'null'] },
    cidr_whitelist: { type: ['array', 'null'], maxItems: 50, items: { type: 'string', maxLength: 64 } },
    expires: { anyOf: [{ type: 'integer' }, { type: ['string', 'null'], maxLength: 64 }] },
    packages_and_scopes_permission: { enum: ['read-only', 'read-write', 'no-access', null] },
    packages_all: { type: ['boolean', 'null'] },
    bypass_2fa: { type: ['boolean', 'null'] },
    ...Object.fromEntries(notNarrowedBy.map((name) => [name, {}])),
  },
}

/** `npm token list`, `create`, `revoke`. */
export function tokenRoutes(accounts: Accounts, tokens: Tokens, signIn: SignIn): Routes {
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/npm/v1/tokens',
      access: 'signed-in',
      async handler({ caller }) {
        const objects = (await tokens.list(caller().user)).map((stored) => shown(stored, stored.hint))
        return { objects, total: objects.length, urls: {} }
      },
    })

    addRoute(server, {
      method: 'POST',
      path: '/-/npm/v1/tokens',
      access: 'signed-in',
      body: tokenBody,
      async handler({ caller, body, request }, h) {
        const wish = body as TokenBody
        refuseNarrower(body as Record<string, unknown>)
        const cidr = wish.cidr_whitelist ?? []
        const wrong = cidr.find((network) => !isNetwork(network))
        if (wrong !== undefined)
          throw new Problem(400, 'invalid_request', `${JSON.stringify(wrong)} is not a network such as 192.0.2.0/24.`)
        await signIn.check(caller().user, wish.password, originOf(request, caller()))
        const { token, stored } = await tokens.create(caller().user, {
          name: wish.name || wish.description || '',
          readonly: !mayWrite(wish),
          cidr,
          expiresAt: expiryOf(wish.expires),
        })
        return h.response(shown(stored, token)).code(201)
      },
    })

    addRoute(server, {
      method: 'DELETE',
      path: '/-/npm/v1/tokens/token/{key}',
      access: 'signed-in',
      async handler({ caller, params }, h) {
        if (await tokens.revoke(caller().user, params['key'] ?? '')) return h.response().code(204)
        throw new Problem(404, 'not_found', 'You have no such token.')
      },
    })
  }
}

/** @throws Problem 400 */
function refuseNarrower(body: Readonly<Record<string, unknown>>): void {
  const asked = notNarrowedBy.find((name) => (body[name] ?? null) !== null)
  if (asked === undefined) return
  throw new Problem(
    400,
    'not_supported',
    `A token is for whatever its account may do, and not for single ${asked.split('_')[0]}: narrow it with --cidr, --expires and --packages-and-scopes-permission read-only.`,
  )
}

/** npm 10 and before always say whether it only reads; npm 11 names the permission, and sends nothing for `--read-only`: then it is the least. */
function mayWrite({ readonly, packages_and_scopes_permission: permission }: TokenBody): boolean {
  return readonly !== true && (permission ? permission === 'read-write' : readonly === false)
}

function shown(stored: TokenDocument, token: string): object {
  const { _id: key, cidr, readonly, createdAt, expiresAt, name } = stored
  const created = createdAt.toISOString()
  const expiry = expiresAt?.toISOString() ?? null
  // npm prints id as well, which its newest version calls the key.
  return {
    token,
    key,
    id: key,
    name,
    cidr_whitelist: cidr.length > 0 ? cidr : null,
    readonly,
    created,
    updated: created,
    expires: expiry,
    expiry,
  }
}

/** Days from now, or a date. @throws Problem 400 */
function expiryOf(expires: number | string | null | undefined): Date | null {
  if (expires === null || expires === undefined || expires === '') return null
  const days = Number(expires)
  const at = Number.isFinite(days) ? new Date(Date.now() + days * 86_400_000) : new Date(expires)
  if (at.getTime() > Date.now()) return at
  throw new Problem(400, 'invalid_request', 'The expiry of a token is a number of days or a date in the future.')
}
