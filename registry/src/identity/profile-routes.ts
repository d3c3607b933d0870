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
/** What npm sends with every change, empty where nobody set it. */
const notKept = ['fullname', 'homepage', 'freenode', 'twitter', 'github'] as const
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
    ...Object.fromEntries(notKept.map((name) => [name, { type: ['string', 'null'], maxLength: 1024 }])),
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
        const other = notKept.find((name) => (body as Record<string, unknown>)[name])
        if (other !== undefined)
          throw new Problem(400, 'not_supported', `A profile has an email and a password here, and no ${other}.`)
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
  // npm prints each member in a line.
  const granted = roles.map(({ role, region }) => (region === undefined ? role : `${role} (${region})`)).join(', ')
  const times = { created: createdAt, updated: updatedAt }
  return { tfa: null, name, email, email_verified: false, fullname: '', ...times, roles: granted }
}
