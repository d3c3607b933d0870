import { roles } from '../../contracts/roles.ts'

/** Forms of the names and values that the manifest's fields share. */
export const pluginId = {
  type: 'string',
  pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
  maxLength: 40,
  examples: ['network-map'],
} as const
export const unitId = {
  type: 'string',
  pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
  maxLength: 60,
  examples: ['line-test'],
} as const
export const semver = { type: 'string', format: 'semver', maxLength: 60, examples: ['1.2.0'] } as const
export const range = { type: 'string', format: 'semver-range', maxLength: 200, examples: ['^1.2.0'] } as const
export const messageId = {
  type: 'string',
  pattern: '^[a-z][A-Za-z0-9]*(\\.[A-Za-z0-9_-]+)+$',
  maxLength: 120,
  examples: ['page.title'],
} as const
export const permissionId = {
  type: 'string',
  pattern: '^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*:[a-z][a-z0-9-]*$',
  maxLength: 80,
  examples: ['network-map:use'],
} as const
export const topic = {
  type: 'string',
  pattern: '^[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*(/v[1-9][0-9]*)?$',
  maxLength: 80,
  examples: ['network-map.alarm'],
} as const
/** Of events between plugins: who subscribes relies on a version of what is published. */
export const eventTopic = {
  type: 'string',
  pattern: '^[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*/v[1-9][0-9]*$',
  maxLength: 80,
  examples: ['network-map.alarm/v1'],
} as const
export const pointId = {
  type: 'string',
  pattern: '^[a-z][a-z0-9]*\\.[a-z][a-z0-9-]*/v[1-9][0-9]*$',
  maxLength: 80,
  examples: ['customer360.panel/v1'],
} as const
export const capability = {
  type: 'string',
  pattern: '^[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*$',
  maxLength: 80,
  examples: ['offers.catalog'],
} as const
export const role = { type: 'string', enum: roles } as const
export const regionId = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,19}$', examples: ['co'] } as const
export const locale = {
  type: 'string',
  pattern: '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$',
  maxLength: 20,
  examples: ['pt-BR'],
} as const
export const relativePath = {
  type: 'string',
  pattern: '^(?!/)(?!.*(^|/)\\.\\.(/|$))[A-Za-z0-9_@./-]+$',
  maxLength: 200,
  examples: ['locales'],
} as const
