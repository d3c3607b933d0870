import { Problem } from '@dcesop/sdk-plugin'
import type { Routes } from '../http/server.ts'
import { addRoute, type Call } from '../http/json-route.ts'
import type { AccountsConfig } from '../config/config.ts'
import type { Accounts } from './accounts.ts'
import { originOf, type SignIn } from './sign-in.ts'
import { loginToken, type Tokens } from './tokens.ts'

export interface UserRoutesDeps {
  readonly accounts: Accounts
  readonly tokens: Tokens
  readonly signIn: SignIn
  readonly signUp: AccountsConfig['signUp']
}

interface LoginBody {
  readonly name: string
  readonly password: string
  readonly email?: string | null
}

const text = { type: 'string', maxLength: 1024 }
/** What npm, yarn and pnpm send: a CouchDB document of which three members matter; the rest of it is theirs. */
const loginBody = {
  type: 'object',
  required: ['name', 'password'],
  properties: { name: text, password: text, email: { type: ['string', 'null'], maxLength: 320 } },
}
const prefix = 'org.couchdb.user:'

/** `npm login`, `npm adduser`, `npm logout`, `npm whoami`. */
export function userRoutes({ accounts, tokens, signIn, signUp }: UserRoutesDeps): Routes {
  const logIn = async ({ request, params, body, callerOrNone }: Call): Promise<object> => {
    const { name, password, email } = body as LoginBody
    if (params['user'] !== `${prefix}${name}`)
      throw new Problem(400, 'invalid_request', 'The name in the address and in the body differ.')
    const origin = originOf(request, callerOrNone?.user === name ? callerOrNone : undefined)
    if (signUp === 'open' && !(await accounts.find(name)))
      await signIn.signUp({ name, password, email: email ?? '' }, origin.address)
    else await signIn.check(name, password, origin)
    const { token } = await tokens.create(name, loginToken)
    return { ok: true, id: `${prefix}${name}`, rev: '1-0', token }
  }

  return (server) => {
    // The second is what old clients send after a 409.
    for (const path of ['/-/user/{user}', '/-/user/{user}/-rev/{rev}'])
      addRoute(server, {
        method: 'PUT',
        path,
        access: 'anyone',
        reading: true,
        body: loginBody,
        handler: async (call, h) => h.response(await logIn(call)).code(201),
      })

    addRoute(server, {
      method: 'GET',
      path: '/-/user/{user}',
      access: 'signed-in',
      async handler({ params, caller }) {
        const name = (params['user'] ?? '').replace(prefix, '')
        const account = await accounts.find(name)
        if (!account) throw new Problem(404, 'not_found', `There is no account "${name}".`)
        const email = caller().user === name ? account.email : ''
        return { _id: `${prefix}${name}`, _rev: '1-0', name, email, type: 'user', roles: [], date: account.createdAt }
      },
    })

    addRoute(server, {
      method: 'DELETE',
      path: '/-/user/token/{token}',
      access: 'signed-in',
      reading: true,
      async handler({ params, caller }) {
        if (await tokens.revoke(caller().user, params['token'] ?? '')) return { ok: true }
        throw new Problem(404, 'not_found', 'You have no such token.')
      },
    })

    addRoute(server, {
      method: 'GET',
      path: '/-/whoami',
      access: 'signed-in',
      handler: ({ caller }) => ({ username: caller().user }),
    })

    addRoute(server, {
      method: 'POST',
      path: '/-/v1/login',
      access: 'anyone',
      reading: true,
      handler() {
        throw new Problem(
          401,
          'web_login_unsupported',
          'There is no sign-in page for the command line: npm asks for name and password by itself, or use --auth-type=legacy.',
        )
      },
    })
  }
}
