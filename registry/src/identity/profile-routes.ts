import { Problem } from '@dcesop/sdk-plugin'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import type { AccountDocument } from '../storage/documents.ts'
import type { Accounts } from './accounts.ts'
import { originOf, type SignIn } from './sign-in.ts'
import type { Tokens } from './tokens.ts'

interface ProfileBody {
  readonly email?: string | null
  readonly password?: { readonly old: string; readonly new: string }
}

const secret = { type: 'string', maxLength: 1024 }
const profileBody = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    email: { type: ['string', 'null'], maxLength: 320, pattern: '^([^@\\s]+@[^@\\s]+)?$' },
    password: {
      type: 'object',
      additionalProperties: false,
      required: ['old', 'new'],
      properties: { old: secret, new: secret },
    },
  },
}

/** `npm profile get` and `set` for e-mail and password. */
export function profileRoutes(accounts: Accounts, tokens: Tokens, signIn: SignIn): Routes {
  const own = async (user: string) => {
    const account = await accounts.find(user)
    if (!account) throw new Problem(404, 'not_found', `There is no account "${user}".`)
    return account
  }

  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/npm/v1/user',
      access: 'signed-in',
      handler: async ({ caller }) => shown(await own(caller().user)),
    })

    addRoute(server, {
      method: 'POST',
      path: '/-/npm/v1/user',
      access: 'signed-in',
      body: profileBody,
      async handler({ caller, body, request }) {
        const { email, password } = body as ProfileBody
        const { user, token } = caller()
        if (password) {
          const account = await signIn.check(user, password.old, originOf(request, caller()))
          await accounts.setPassword(account, password.new)
          // Whoever knew the old password may have made tokens with it.
          await tokens.revokeAllBut(user, token)
        }
        if (email !== undefined) await accounts.setEmail(user, email ?? '')
        return shown(await own(user))
      },
    })
  }
}

function shown({ _id: name, email, createdAt, updatedAt, roles }: AccountDocument): object {
  const dcesop = { roles }
  return { tfa: null, name, email, email_verified: false, fullname: '', created: createdAt, updated: updatedAt, dcesop }
}
