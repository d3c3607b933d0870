import { minimalManifest } from './index.ts'
import { testConfig } from './region-config.ts'

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['place'],
  properties: { place: { type: 'string' }, limit: { type: 'integer', default: 7 } },
}
const manifest = minimalManifest({ config: { schema, scopes: ['global', 'region'] } })

it('has what all regions have in common where each has set for itself what is required', () => {
  const own = { br: { place: 'Recife', limit: 1 }, mx: { place: 'Puebla', limit: 1 } }
  const given = testConfig(manifest, ['br', 'mx'], undefined, own)
  expect(given).toEqual({ value: { limit: 1 }, regions: own })
  expect(Object.isFrozen(given.value)).toBe(true)
  expect(testConfig(manifest, ['br'], undefined, own).value).toEqual(own.br)
  expect(() => testConfig(manifest, ['br', 'mx', 'co'], undefined, own)).toThrow('place')
})
