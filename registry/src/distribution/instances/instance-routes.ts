import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { addRoute, type Call } from '../../http/json-route.ts'
import { isOrigin } from '../../http/public-url.ts'
import type { Routes } from '../../http/server.ts'
import { isAdmin } from '../../identity/caller.ts'
import { revalidate } from '../../trust/trust-routes.ts'
import { frontendDiscovery } from './frontend-discovery.ts'
import { mistakeIn } from './followed-channels.ts'
import type { InstanceFeeds } from './instance-feeds.ts'
import type { InstanceDocument, Instances, InstanceWish } from './instances.ts'

const version = { type: 'string', maxLength: 128 }
export const installations = {
  type: 'array',
  maxItems: 500,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['plugin', 'channel'],
    properties: {
      plugin: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 40 },
      region: { type: 'string', maxLength: 40 },
      channel: { type: 'string', maxLength: 40 },
    },
  },
}
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['regions', 'dcesop', 'sdk', 'node'],
  properties: {
    regions: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      items: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' },
    },
    channel: { type: 'string', maxLength: 40 },
    installations,
    dcesop: version,
    sdk: version,
    node: version,
    origin: { type: 'string', pattern: '^https?://[^/?#\\s]+$', maxLength: 300 },
  },
}

/** Instances, and what the shell of each may load. @param channels from the least to the most stable */
export function instanceRoutes(instances: Instances, feeds: InstanceFeeds, channels: readonly string[]): Routes {
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/instances',
      access: 'signed-in',
      async handler({ caller }) {
        if (!isAdmin(caller(), 'any')) throw new Problem(403, 'forbidden', 'Administrators see the instances.')
        return { instances: (await instances.list()).map(viewOf) }
      },
    })
    addRoute(server, {
      method: 'PUT',
      path: '/-/dcesop/v1/instances/{instance}',
      access: 'signed-in',
      body,
      async handler(call) {
        const {
          channel = channels.at(-1) as string,
          installations = [],
          origin = null,
          ...wish
        } = call.body as Partial<InstanceWish> & Pick<InstanceWish, 'regions' | 'dcesop' | 'sdk' | 'node'>
        if (!channels.includes(channel))
          throw new Problem(400, 'invalid_request', `Channels are: ${channels.join(', ')}.`)
        const mistake = mistakeIn({ ...wish, installations }, channels)
        if (mistake !== undefined) throw new Problem(400, 'invalid_request', mistake)
        const wrong = [wish.dcesop, wish.sdk, wish.node].find((number) => semver.valid(number) === null)
        if (wrong !== undefined)
          throw new Problem(400, 'invalid_request', `${JSON.stringify(wrong.slice(0, 50))} is not a version.`)
        if (origin !== null && !isOrigin(origin))
          throw new Problem(400, 'invalid_request', '"origin" is written like https://console.example.net:8443.')
        return viewOf(await instances.put(call.caller(), idOf(call), { ...wish, channel, installations, origin }))
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/feed/{instance}',
      access: 'anyone',
      async handler(call, h) {
        const { envelope, etag } = await feeds.of(await instances.find(idOf(call)))
        const unchanged = h.entity({ etag, vary: false })
        return (unchanged ?? h.response(envelope)).header('cache-control', revalidate)
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/feed/{instance}/feed.frontend-discovery.json',
      access: 'anyone',
      async handler(call, h) {
        const instance = await instances.find(idOf(call))
        const { feed, etag } = await feeds.of(instance)
        const unchanged = h.entity({ etag: `discovery-${etag}`, vary: false })
        return (unchanged ?? h.response(frontendDiscovery(feed, instance.origin))).header('cache-control', revalidate)
      },
    })
  }
}

/** @throws Problem 400 */
export function idOf({ params }: Call): string {
  const id = params['instance'] ?? ''
  if (/^[a-z0-9][a-z0-9.-]{0,99}$/.test(id)) return id
  throw new Problem(400, 'invalid_request', 'An instance is named by lower case letters, digits, dots and dashes.')
}

function viewOf({ _id, ...instance }: InstanceDocument): object {
  return { id: _id, ...instance }
}
