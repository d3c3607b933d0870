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

it('has an example for each form of a text: a pattern alone tells few people what to write', () => {
  interface Text {
    readonly pattern?: string
    readonly examples?: readonly string[]
  }
  const texts: Text[] = []
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('type' in node && node.type === 'string' && ('pattern' in node || 'format' in node)) texts.push(node as Text)
    else Object.values(node).forEach(look)
  }
  look(manifestSchema.properties)
  expect(texts.length).toBeGreaterThan(40)
  for (const { pattern = '', examples = [] } of texts) expect(examples).toEqual([expect.stringMatching(pattern)])
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
    [{ manifestVersion: 2 }, 'The value at /manifestVersion must be 1, and is 2.'],
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

  it('refuses a condition that no shell could read, and heights that no extension could have', () => {
    const extension = {
      id: 'tile',
      point: 'dashboard.widget/v1',
      expose: 'tile',
      titleKey: 'demo.t',
      permission: 'demo:view',
    }
    const tile = (when: string) => findingsOf({ ui: { extensions: [{ ...extension, when }] } })
    expect(tile(`'br' in user.regions && 'agent' in user.roles`)).toEqual([])
    expect(tile('alert(1)').join()).toMatch(/^manifest-when .*"tile" cannot be read: "a call" is not expected/)
    const point = (minHeight: number, maxHeight: number) =>
      findingsOf({ ui: { points: [{ id: 'demo.panel/v1', minHeight, maxHeight }] } }).join()
    expect([point(100, 100), point(101, 100)]).toEqual(['', expect.stringMatching(/^manifest-point-height /)])
  })

  it.each([
    [{ type: 'nonsense' }, 'schema is invalid'],
    [{ $ref: 'https://example.com/schema.json' }, "can't resolve reference"],
    [{ type: 'object', propertys: {} }, 'unknown keyword'],
  ])('refuses the schema %j of a configuration, which no host could use', (schema, why) => {
    expect(findingsOf({ config: { schema } }).join()).toMatch(new RegExp(`^manifest-config-schema .*${why}`))
    const sound = { type: 'object', properties: { url: { type: 'string', pattern: '^https:', default: 'https://a' } } }
    expect(findingsOf({ config: { schema: sound } })).toEqual([])
    const unset = { type: 'object', required: ['key'], properties: { key: { type: 'string' } } }
    expect(findingsOf({ config: { schema: unset } })).toEqual([])
    const unfit = { type: 'object', properties: { url: { type: 'string', default: 5 } } }
    expect(findingsOf({ config: { schema: unfit } }).join()).toMatch(/^manifest-config-schema .*default/)
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

  it.each([
    ['/_health', [['GET', '/_health']], undefined],
    ['/_health', [['POST', '/_health']], '"/_health" is no GET route'],
    ['/_health', [], '"/_health" is no GET route'],
    [undefined, [['GET', '/_metrics']], '"GET /_metrics" is reserved'],
    ['/health', [['GET', '/health']], 'manifest-shape The value at /backend/health/path'],
  ])('holds the health path %s against the routes %j: %s', (path, declared, message) => {
    const routes = declared.map(([method, own]) => ({ method, path: own, permission: 'demo:view' }))
    const backend = { entry: 'dist/server.cjs', isolation: 'inline', routes, health: path ? { path } : {} }
    const found = findingsOf({ backend }).join('\n')
    if (message === undefined) expect(found).toBe('')
    else expect(found).toContain(message)
  })

  it('refuses a rollback window that no calendar reaches: it would be over at once', () => {
    const windowOf = (rollbackWindow: string) => findingsOf({ lifecycle: { rollbackWindow } }).join()
    expect(windowOf('9999d')).toBe('')
    expect(windowOf('99999999999999d')).toContain('/lifecycle/rollbackWindow')
  })

  it('reports a route that is declared twice', () => {
    const route = { method: 'GET', path: '/a', permission: 'demo:view' }
    const backend = { entry: 'dist/server.cjs', isolation: 'inline', routes: [route, route] }
    expect(findingsOf({ backend })).toEqual([expect.stringContaining('"GET /a" is declared twice')])
  })
})
