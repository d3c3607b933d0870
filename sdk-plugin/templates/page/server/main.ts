import { definePlugin } from '@dcesop/sdk-plugin'
import { estimate, type Household } from './estimate.ts'

const count = (maximum: number) => ({ type: 'integer', minimum: 0, maximum })

export default definePlugin({
  start(context) {
    context.route<{ Query: Household }>({
      method: 'GET',
      path: '/estimate',
      summary: 'The speed that a household needs',
      query: {
        type: 'object',
        additionalProperties: false,
        required: ['people', 'streams'],
        properties: { people: count(20), streams: count(20) },
      },
      handler: (request) => estimate(request.query),
    })
  },
})
