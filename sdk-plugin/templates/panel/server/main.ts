import { definePlugin } from '@dcesop/sdk-plugin'
import { firstSteps, type Technology } from './steps.ts'

export default definePlugin({
  start(context) {
    context.route<{ Query: { technologies: string } }>({
      method: 'GET',
      path: '/steps',
      summary: 'What to try first for the given technologies',
      query: {
        type: 'object',
        additionalProperties: false,
        required: ['technologies'],
        properties: { technologies: { type: 'string', pattern: '^(mobile|fibre)(,(mobile|fibre))?$' } },
      },
      handler: (request) => firstSteps(request.query.technologies.split(',') as Technology[]),
    })
  },
})
