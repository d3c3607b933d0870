import { capability, pluginId, range, semver } from './names.ts'

export const engines = {
  type: 'object',
  additionalProperties: false,
  required: ['dcesop', 'sdk'],
  description: 'Versions of the platform that it runs on, as semver ranges.',
  properties: {
    dcesop: { ...range, description: 'The host.' },
    sdk: { ...range, description: 'The SDK that the host serves.' },
    node: { ...range, description: 'Node.js.' },
  },
} as const

export const provides = {
  type: 'object',
  propertyNames: capability,
  additionalProperties: semver,
  maxProperties: 50,
  description: 'Capabilities that other plugins may call, each with its version.',
} as const

export const consumes = {
  type: 'array',
  maxItems: 50,
  description: 'Capabilities that it calls; never names of plugins, so that a region can swap who provides them.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['capability', 'range'],
    properties: {
      capability: { ...capability, description: 'For example customers.directory.' },
      range: { ...range, description: 'Versions of it that are understood.' },
      optional: { type: 'boolean', description: 'True when the plugin also works without it.' },
      degrade: {
        enum: ['hide', 'readonly', 'fail'],
        description: 'What its screens do while an optional one is missing.',
      },
    },
  },
} as const

export const conflicts = {
  type: 'array',
  maxItems: 50,
  description: 'Plugins or capabilities beside which it must not run.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['range', 'reason'],
    properties: {
      plugin: { ...pluginId, description: 'A plugin by id …' },
      capability: { ...capability, description: '… or whoever provides a capability.' },
      range: { ...range, description: 'In these versions.' },
      reason: { type: 'string', minLength: 1, maxLength: 300, description: 'Why, for the administrator.' },
    },
  },
} as const
