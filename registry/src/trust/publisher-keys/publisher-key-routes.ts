import { seenText } from '@dcesop/sdk-plugin/http'
import { addRoute, type Call } from '../../http/json-route.ts'
import type { RateLimits } from '../../http/rate-limits.ts'
import type { Routes } from '../../http/server.ts'
import { parseName } from '../../packages/names.ts'
import type { PublisherKeyDocument } from './publisher-key-documents.ts'
import type { PublisherKeys } from './publisher-keys.ts'

const registration = {
  type: 'object',
  additionalProperties: false,
  required: ['publicKey', 'proof'],
  properties: {
    publicKey: { type: 'string', maxLength: 2000 },
    proof: {
      type: 'object',
      additionalProperties: false,
      required: ['payloadType', 'payload', 'signatures'],
      properties: {
        payloadType: { type: 'string', maxLength: 200 },
        payload: { type: 'string', maxLength: 4000 },
        signatures: {
          type: 'array',
          minItems: 1,
          maxItems: 8,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['keyid', 'sig'],
            properties: { keyid: { type: 'string', maxLength: 100 }, sig: { type: 'string', maxLength: 200 } },
          },
        },
      },
    },
  },
}
const reason = {
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: { reason: seenText(500) },
}
const nothing = { type: 'object', additionalProperties: false, properties: {} }

/** Keys of publishers: list, register, verify, revoke. */
export function publisherKeyRoutes(keys: PublisherKeys, limits: RateLimits): Routes {
  const path = '/-/dcesop/v1/publishers/{publisher}/keys'
  const publisherOf = ({ params }: Call): string => {
    const scope = (params['publisher'] ?? '').replace(/^@/, '')
    return parseName(`@${scope}/x`).scope as string
  }
  const keyOf = ({ params }: Call): string => params['keyid'] ?? ''

  return (server) => {
    addRoute(server, {
      method: 'GET',
      path,
      access: 'anyone',
      handler: async (call) => ({ keys: (await keys.list(publisherOf(call))).map(shown) }),
    })
    addRoute(server, {
      method: 'POST',
      path,
      access: 'signed-in',
      body: registration,
      async handler(call, h) {
        const { publicKey, proof } = call.body as { publicKey: string; proof: unknown }
        const caller = await limits.changer(call)
        return h.response(shown(await keys.register(caller, publisherOf(call), publicKey, proof))).code(201)
      },
    })
    addRoute(server, {
      method: 'POST',
      path: `${path}/{keyid}/verification`,
      access: 'signed-in',
      body: nothing,
      async handler(call, h) {
        await keys.verify(await limits.changer(call), publisherOf(call), keyOf(call))
        return h.response().code(204)
      },
    })
    addRoute(server, {
      method: 'POST',
      path: `${path}/{keyid}/revocation`,
      access: 'signed-in',
      body: reason,
      async handler(call) {
        const { reason: why } = call.body as { reason: string }
        return { versions: await keys.revoke(await limits.changer(call), publisherOf(call), keyOf(call), why) }
      },
    })
  }
}

function shown({ _id: keyid, ...key }: PublisherKeyDocument): object {
  return { keyid, ...key }
}
