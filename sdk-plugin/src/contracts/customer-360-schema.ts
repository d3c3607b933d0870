const text = { type: 'string', minLength: 1 } as const

/**
 * What `customer360.panel/v1` and `customer360.banner/v1` hand over, as JSON Schema: `Customer360Context` is its type. The plugin that
 * owns the points has it in its manifest, and the shell holds each context against it.
 */
export const customer360ContextSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['region', 'customerId', 'country', 'timeZone', 'services'],
  properties: {
    region: { type: 'string', pattern: '^[a-z]{2,8}$' },
    customerId: text,
    country: { type: 'string', pattern: '^[A-Z]{2}$' },
    timeZone: text,
    services: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'technology', 'label', 'planName', 'status'],
        properties: {
          id: text,
          technology: { enum: ['mobile', 'fibre'] },
          label: { type: 'string' },
          planName: { type: 'string' },
          status: text,
        },
      },
    },
  },
} as const
