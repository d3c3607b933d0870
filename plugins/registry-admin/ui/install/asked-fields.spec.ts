import { fieldGroups } from '../config/fields.ts'
import { type ConfigAnswer, everywhere } from '../config/types.ts'
import { askedFields } from './asked-fields.ts'

const schema = {
  type: 'object',
  required: ['url', 'name', 'token', 'alerts'],
  properties: {
    url: { type: 'string' },
    name: { type: 'string', default: 'Lab' },
    token: { type: 'string' },
    note: { type: 'string' },
    alerts: { type: 'object', required: ['to'], properties: { to: { type: 'string' }, after: { type: 'integer' } } },
    extra: { type: 'object', required: ['key'], properties: { key: { type: 'string' } } },
  },
} as const
const config = (host: object = {}): ConfigAnswer => ({
  ...{ version: '1.0.0', revision: 0, schema, secrets: ['/token'], scopes: ['global'], texts: {} },
  ...{ host: host as ConfigAnswer['host'], global: {}, regions: {} },
})
const asked = (host?: object) =>
  askedFields(
    config(host),
    everywhere,
    fieldGroups(schema, ['/token']).flatMap((group) => group.fields),
  ).map(({ pointer }) => pointer)

it('a plugin asks for what it must have and nobody gives it: no default, no file of the operator', () => {
  expect(asked()).toEqual(['/url', '/alerts/to'])
  expect(asked({ url: 'x' })).toEqual(['/alerts/to'])
})

it('what an optional object must have is asked for once there is that object', () => {
  expect(asked({ extra: {} })).toContain('/extra/key')
})
