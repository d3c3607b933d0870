import { checkedConfig } from '../host/plugin-config.ts'
import { TookTooLong } from './within-time.ts'
import { minimalManifest } from '../testing/manifest.ts'
import { checkManifest } from './check.ts'

/** No machine comes to the end of it. */
const endless = `${'a'.repeat(60)}!`
const schemaOf = (rest: Record<string, unknown>) => ({
  type: 'object',
  additionalProperties: false,
  properties: { name: { type: 'string', pattern: '^(a+)+$', ...rest } },
})
const withSchema = (schema: Record<string, unknown>) => ({ ...minimalManifest(), config: { schema } })

it('refuses a configuration whose own default keeps its pattern busy for ever', () => {
  const result = checkManifest(withSchema(schemaOf({ default: endless })))
  expect(result).toMatchObject({ ok: false, findings: [{ rule: 'manifest-endless', pointer: '/' }] })
})

it('refuses definitions that refer to each other over and over', () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => {
      const $ref = `#/$defs/d${index - 1}`
      return [`d${index}`, index === 0 ? { type: 'string' } : { anyOf: [{ $ref }, { $ref }] }]
    }),
  )
  const schema = { type: 'object', properties: { a: { $ref: '#/$defs/d59', default: 1 } }, $defs: doubling }
  expect(checkManifest(withSchema(schema))).toMatchObject({ findings: [{ rule: 'manifest-endless' }] })
})

it('ends the check of what an operator configured for such a pattern', () => {
  const manifest = withSchema(schemaOf({}))
  expect(checkedConfig(manifest, { name: 'aaa' })).toEqual({ name: 'aaa' })
  expect(() => checkedConfig(manifest, { name: endless })).toThrow(TookTooLong)
})

it('tells a hundred mistakes and not each of hundred thousand', () => {
  const result = checkManifest({ ...minimalManifest(), ui: { pages: Array.from({ length: 10_000 }, () => 0) } })
  expect(result.ok || result.findings.length).toBe(100)
})
