import { definePlugin } from '@dcesop/sdk-plugin'
import { callPartner, type Config } from './partner-api.ts'

interface Ticket {
  readonly reference: string
  readonly summary: string
}

interface Status {
  readonly state: 'unknown' | 'up' | 'down'
  /** When it was last looked at, ISO 8601. */
  readonly checkedAt?: string
}

const ticket = {
  type: 'object',
  additionalProperties: false,
  required: ['reference', 'summary'],
  properties: {
    reference: { type: 'string', pattern: '^[A-Za-z0-9-]{8,64}$' },
    summary: { type: 'string', minLength: 1, maxLength: 500 },
  },
}

export default definePlugin<Config>({
  start(context) {
    const { config, clock, log } = context
    let status: Status = { state: 'unknown' }

    context.route<{ Payload: Ticket }>({
      method: 'POST',
      path: '/tickets',
      summary: 'Opens a ticket at the partner, once for each reference',
      body: ticket,
      async handler(request) {
        const { reference, summary } = request.payload
        const opened = await callPartner<{ id: string }>(config, {
          method: 'POST',
          path: '/tickets',
          body: { summary },
          idempotencyKey: reference,
          signal: request.signal,
        })
        await request.audit({ action: 'ticket.open', resource: reference })
        return { id: opened.id }
      },
    })

    context.route({
      method: 'GET',
      path: '/status',
      summary: 'Whether the partner was well when it was last looked at',
      handler: () => status,
    })

    context.jobs.every('check-status', 60_000, async (signal) => {
      const checkedAt = clock.now().toISOString()
      try {
        await callPartner(config, { method: 'GET', path: '/health', signal })
        status = { state: 'up', checkedAt }
      } catch (error) {
        status = { state: 'down', checkedAt }
        log.warn({ err: error }, 'the partner is not well')
      }
    })
  },
})
