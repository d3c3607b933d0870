import { definePlugin } from '@dcesop/sdk-plugin'
import { type Estimate, estimate, type Household } from './estimate.ts'

/** Capability `template-id.estimates`: what other plugins call. */
export interface Estimates {
  estimate(household: Household): Promise<Estimate>
}

const count = (maximum: number) => ({ type: 'integer', minimum: 0, maximum })

export default definePlugin({
  start(context) {
    context.capabilities.provide<Estimates>('template-id.estimates', {
      estimate: async (household) => estimate(household),
    })
    context.route<{ Payload: Household }>({
      method: 'POST',
      path: '/estimates',
      summary: 'The speed that a household needs',
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['people', 'streams'],
        properties: { people: count(20), streams: count(20) },
      },
      handler: (request) => estimate(request.payload),
    })
  },
})
