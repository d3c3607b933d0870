import { createAjv } from '../http/ajv.ts'
import { checkManifest } from './check.ts'
import { manifestSchema } from './schema/index.ts'
import { minimalManifest } from '../testing/manifest.ts'

const findingsOf = (change: Record<string, unknown>) => {
  const result = checkManifest({ ...minimalManifest(), ...change })
  return result.ok ? [] : result.findings.map((finding) => `${finding.rule} ${finding.message}`)
}

it('checks by a schema that is a JSON Schema', () => {
  expect(createAjv({ strict: true }).validateSchema(manifestSchema)).toBe(true)
})

describe('checkManifest', () => {
  it('accepts a minimal manifest and notes of the author', () => {
    expect(findingsOf({ 'x-note': { any: 'thing' } })).toEqual([])
  })

  it.each([
    [{ id: 'Bad_Id' }, 'manifest-shape The value at /id must match pattern'],
    [{ trust: 'inline' }, 'manifest-shape "trust" is not a field of the manifest at /.'],
    [{ version: '1.0' }, 'manifest-shape The value at /version must match format'],
    [{ engines: { dcesop: 'latest please', sdk: '^0.1.0' } }, 'manifest-shape The value at /engines/dcesop'],
    [{ criticality: 'vital' }, 'mandatory, degradable'],
    [{ data: { collections: ['other_things'], schemaVersion: 1 } }, 'manifest-own-collections'],
    [{ realtime: [{ topic: 'other.topic', permission: 'demo:view' }] }, 'manifest-own-topics'],
    [{ i18n: { default: 'es', locales: ['es', 'en'], path: 'locales' } }, 'manifest-locales Locale "pt-BR"'],
  ])('refuses %j and says why', (change, expected) => {
    expect(findingsOf(change).join('\n')).toContain(expected)
  })

  it.each([
    [{ type: 'array' }, 'its type is not "object"'],
    [{ type: 'object', properties: { id: { type: 'text' } } }, 'schema is invalid'],
    [{ type: 'object', properties: { id: { $ref: 'elsewhere.json' } } }, "can't resolve reference"],
  ])('refuses the context schema %j, which the shell could not use', (contextSchema, why) => {
    const ui = { points: [{ id: 'demo.panel/v1', contextSchema }] }
    expect(findingsOf({ ui }).join()).toMatch(new RegExp(`^manifest-context-schema .*"demo.panel/v1".*${why}`))
    expect(findingsOf({ ui: { points: [{ id: 'demo.panel/v1', contextSchema: { type: 'object' } }] } })).toEqual([])
  })

  it.each([
    [{ type: 'nonsense' }, 'schema is invalid'],
    [{ $ref: 'https://example.com/schema.json' }, "can't resolve reference"],
    [{ type: 'object', propertys: {} }, 'unknown keyword'],
  ])('refuses the schema %j of a configuration, which no host could use', (schema, why) => {
    expect(findingsOf({ config: { schema } }).join()).toMatch(new RegExp(`^manifest-config-schema .*${why}`))
    const sound = { type: 'object', properties: { url: { type: 'string', pattern: '^https:', default: 'https://a' } } }
    expect(findingsOf({ config: { schema: sound } })).toEqual([])
  })

  it('refuses a path that leaves the package', () => {
    const backend = { entry: '../evil.cjs', isolation: 'inline', routes: [] }
    expect(findingsOf({ backend }).join()).toContain('/backend/entry')
  })

  it.each([
    [['/{a*}/{b*}'], '"GET /{a*}/{b*}" cannot be served'],
    [['/a', '/{b', '/c'], '"GET /{b" cannot be served'],
    [['/of/{customer}', '/of/{service}'], '"GET /of/{service}" cannot be served'],
  ])('refuses the routes %j, which no host can serve', (paths, message) => {
    const routes = paths.map((path) => ({ method: 'GET', path, permission: 'demo:view' }))
    expect(findingsOf({ backend: { entry: 'dist/server.cjs', isolation: 'inline', routes } })).toEqual([
      expect.stringContaining(message),
    ])
  })

  it('reports a route that is declared twice', () => {
    const route = { method: 'GET', path: '/a', permission: 'demo:view' }
    const backend = { entry: 'dist/server.cjs', isolation: 'inline', routes: [route, route] }
    expect(findingsOf({ backend })).toEqual([expect.stringContaining('"GET /a" is declared twice')])
  })
})
