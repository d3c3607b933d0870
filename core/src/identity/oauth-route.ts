import { Problem } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import { actorOf, traceOf } from '../audit/actor.ts'
import { addRoute } from '../http/core-route.ts'
import { compileCheck, parseStrictJson } from '@dcesop/sdk-plugin/http'
import type { AuditPort, CoreRoutes } from '../ports.ts'
import type { MachineTokens } from './machine-tokens.ts'

interface TokenRequest {
  grant_type: string
  client_id?: string
  client_secret?: string
  scope?: string
}

export interface OauthDeps {
  readonly tokens: MachineTokens
  readonly audit: AuditPort
  readonly limitSignIn: (request: IncomingMessage) => Promise<void>
}

const form = 'application/x-www-form-urlencoded'
const text = { type: 'string', minLength: 1, maxLength: 512 }
const parameters = { grant_type: text, client_id: text, client_secret: text, scope: text }
const check = compileCheck(
  {
    type: 'object',
    additionalProperties: false,
    required: ['grant_type'],
    properties: parameters,
  },
  'body',
)

/** `POST /oauth/token`: client credentials as a form (RFC 6749) or JSON, the client in the body or by Basic authentication. */
export function oauthRoutes({ tokens, audit, limitSignIn }: OauthDeps): CoreRoutes {
  return {
    register(server) {
      addRoute<{ Payload: Buffer }>(server, {
        method: 'POST',
        path: '/oauth/token',
        summary: 'A bearer token for a machine client.',
        access: 'public',
        contentTypes: ['application/json', form],
        maxBytes: 4096,
        async handler(request, h) {
          const raw = request.raw.req
          await limitSignIn(raw)
          const input = inputOf(raw, request.payload)
          if (input.grant_type !== 'client_credentials') {
            throw new Problem(400, 'unsupported_grant_type', 'Only the client_credentials grant is offered.', {
              extensions: { error: 'unsupported_grant_type' },
            })
          }
          // Who tries Basic authentication is told so (RFC 6749, 5.2).
          if (isBasic(raw)) request.raw.res.setHeader('www-authenticate', 'Basic realm="dcesop", charset="UTF-8"')
          const [id, secret] = credentialsOf(raw, input)
          const issued = await record(audit, id, raw, () => tokens.issue(id, secret, input.scope))
          return h
            .response({
              access_token: issued.token,
              token_type: 'Bearer',
              expires_in: issued.expiresIn,
              scope: issued.scopes.join(' '),
            })
            .header('pragma', 'no-cache')
        },
      })
    },
  }
}

/** @throws Problem 400 `invalid_request`, which RFC 6749 (5.2) wants to be said in `error` */
function inputOf(raw: IncomingMessage, body: Buffer): TokenRequest {
  try {
    return check(parse(raw, body)) as TokenRequest
  } catch (error) {
    throw error instanceof Problem ? invalidRequest(error) : error
  }
}

function invalidRequest({ status, code, detail, options }: Problem): Problem {
  return new Problem(status, code, detail, { ...options, extensions: { error: 'invalid_request' } })
}

/** A refusal is recorded without the id that was sent: it may be anything. */
async function record<T>(audit: AuditPort, id: string, raw: IncomingMessage, issue: () => Promise<T>): Promise<T> {
  const trace = traceOf(raw)
  try {
    const issued = await issue()
    await audit.append({
      action: 'machine.token',
      outcome: 'allowed',
      actor: { subject: `client:${id}`, kind: 'machine' },
      ...trace,
    })
    return issued
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    await audit.append({
      action: 'machine.token',
      outcome: 'denied',
      actor: actorOf(undefined),
      reason: error.code,
      ...trace,
    })
    throw error
  }
}

function parse(raw: IncomingMessage, body: Buffer): unknown {
  if (!raw.headers['content-type']?.toLowerCase().startsWith(form)) return parseStrictJson(body ?? Buffer.alloc(0))
  const fields = [...new URLSearchParams(body.toString('utf8'))]
  if (new Set(fields.map(([name]) => name)).size !== fields.length)
    throw new Problem(400, 'duplicate_key', 'The body names the same member twice.')
  // RFC 6749 (3.2): a parameter without a value was not sent, and one that nobody knows is ignored.
  return Object.fromEntries(fields.filter(([name, value]) => value !== '' && Object.hasOwn(parameters, name)))
}

const isBasic = ({ headers }: IncomingMessage) => /^Basic(?: |$)/i.test(headers.authorization ?? '')

/** @throws Problem 400 for two ways at once, of which a client must use one (RFC 6749, 2.3) */
function credentialsOf(raw: IncomingMessage, input: TokenRequest): [string, string] {
  if (!isBasic(raw)) return [input.client_id ?? '', input.client_secret ?? '']
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(raw.headers.authorization ?? '')?.[1]
  const pair = Buffer.from(basic ?? '', 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  const id = formDecode(pair.slice(0, Math.max(colon, 0)))
  if (input.client_secret !== undefined || (input.client_id ?? id) !== id)
    throw invalidRequest(
      new Problem(400, 'invalid_request', 'The client authenticates by Basic authentication or in the body, not both.'),
    )
  return [id, formDecode(pair.slice(colon + 1))]
}

function formDecode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    // Not form-encoded: then it is no client's id or secret either.
    return ''
  }
}
