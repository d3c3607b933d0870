import { messageId, permissionId, pluginId } from './names.ts'

export const permissions = {
  type: 'object',
  additionalProperties: false,
  description: 'What the plugin asks for, and what it defines for its users.',
  properties: {
    requests: {
      type: 'array',
      maxItems: 100,
      description: 'What the plugin itself may do. A reviewer grants or refuses each; the host enforces the grant.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['cap', 'reasonKey'],
        properties: {
          cap: {
            type: 'string',
            pattern: '^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$',
            maxLength: 60,
            description: 'For example http:egress, secrets:use or customer:read.',
          },
          resource: { type: 'string', maxLength: 200, description: 'What of: a host, a secret’s name, a topic.' },
          fields: {
            type: 'array',
            items: { type: 'string', maxLength: 80 },
            maxItems: 100,
            description: 'The fields of personal data; all of them when left out.',
          },
          purpose: { type: 'string', maxLength: 80, description: 'The purpose in the sense of privacy law.' },
          region: { type: 'string', maxLength: 40, description: 'In one region only.' },
          reasonKey: { ...messageId, description: 'Why, in words for the reviewer.' },
        },
      },
    },
    defines: {
      type: 'array',
      maxItems: 100,
      description: 'New permissions that its routes, pages and topics name.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'labelKey', 'sensitivity', 'defaultRoles'],
        properties: {
          id: { ...permissionId, description: 'Under the plugin’s own id.' },
          labelKey: { ...messageId, description: 'Its name where roles are edited.' },
          sensitivity: {
            enum: ['high', 'moderate', 'low'],
            description: 'high: refunds and billing; moderate: detailed customer data; low: general figures.',
          },
          defaultRoles: {
            type: 'array',
            items: pluginId,
            uniqueItems: true,
            maxItems: 20,
            description: 'Suggestion only: the operator’s policy table decides where it speaks.',
          },
        },
      },
    },
  },
} as const
