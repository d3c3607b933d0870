import { Problem } from '@dcesop/sdk-plugin'
import { bearerOf } from '../../http/authentication.ts'
import { addRoute } from '../../http/json-route.ts'
import type { RateLimits } from '../../http/rate-limits.ts'
import type { Routes } from '../../http/server.ts'
import type { ReportTokens } from '../incidents/report-tokens.ts'
import { mistakeIn } from './followed-channels.ts'
import { installations } from './instance-routes.ts'
import type { Instances, InstanceWish } from './instances.ts'

export interface FollowedRoutesDeps {
  readonly instances: Instances
  readonly tokens: ReportTokens
  readonly limits: RateLimits
  /** From the least to the most stable. */
  readonly channels: readonly string[]
}

const body = {
  type: 'object',
  additionalProperties: false,
  required: ['channel', 'installations'],
  properties: { channel: { type: 'string', maxLength: 40 }, installations },
}

/** A host says itself which channels its installations follow, so that the feed of its shell goes by what is so. */
export function followedRoutes({ instances, tokens, limits, channels }: FollowedRoutesDeps): Routes {
  return (server) => {
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/followed-channels',
      // An instance is no account.
      access: 'anyone',
      body,
      async handler(call) {
        const { instance } = await tokens.reporterOf(bearerOf(call.request.raw.req))
        await limits.report(instance)
        const followed = call.body as Required<Pick<InstanceWish, 'channel' | 'installations'>>
        const { regions } = await instances.find(instance)
        const unknown = channels.includes(followed.channel) ? undefined : `Channels are: ${channels.join(', ')}.`
        const mistake = unknown ?? mistakeIn({ regions, ...followed }, channels)
        if (mistake !== undefined) throw new Problem(400, 'invalid_request', mistake)
        return { revision: await instances.follow(instance, followed) }
      },
    })
  }
}
