import { definePlugin } from '@dcesop/sdk-plugin'
import { type Attenuation, verdict } from './verdict.ts'

export default definePlugin({
  start(context) {
    context.route<{ Payload: Attenuation }>({
      method: 'POST',
      path: '/tests',
      summary: 'What a measured loss says about a line',
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['metres', 'decibel'],
        properties: {
          metres: { type: 'number', minimum: 0, maximum: 100_000 },
          decibel: { type: 'number', minimum: 0, maximum: 100 },
        },
      },
      async handler(request) {
        const found = verdict(request.payload)
        await request.audit({ action: 'line.test', details: { verdict: found } })
        return { verdict: found }
      },
    })
    context.route({
      method: 'GET',
      path: '/process',
      summary: 'Whether this runs in a process with rights of its own',
      // Node has this only where it was started with --permission, which no host is.
      handler: () => ({ confined: process.permission !== undefined }),
    })
  },
})
