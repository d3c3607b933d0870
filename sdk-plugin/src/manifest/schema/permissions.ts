import { messageId, permissionId, regionId, role } from './names.ts'

/** What a plugin may ask for. */
export const capabilities = [
  'http:egress',
  'secrets:use',
  'customer:read',
  'customer:write',
  'events:publish',
  'events:subscribe',
  'db:own',
] as const

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
          cap: { enum: capabilities, description: 'What kind of thing it does.' },
          resource: {
            type: 'string',
            maxLength: 200,
            description: 'What of: a host as name or name:port, a secret’s name, a topic.',
          },
          fields: {
            type: 'array',
            items: { type: 'string', maxLength: 80 },
            maxItems: 100,
            description: 'The fields of personal data; all of them when left out.',
          },
          purpose: {
            type: 'string',
            maxLength: 80,
            description: 'The purpose in the sense of privacy law; needed for data of customers.',
          },
          region: { ...regionId, description: 'In one region only.' },
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
          id: { ...permissionId, description: 'The plugin’s own id, a colon, what it lets people do.' },
          labelKey: { ...messageId, description: 'Its name where roles are edited.' },
          sensitivity: {
            enum: ['high', 'moderate', 'low'],
            description: 'high: refunds and billing; moderate: detailed customer data; low: general figures.',
          },
          defaultRoles: {
            type: 'array',
            items: role,
            uniqueItems: true,
            maxItems: 20,
            description: 'Suggestion only: the operator’s policy table decides where it speaks.',
          },
        },
      },
    },
  },
} as const
