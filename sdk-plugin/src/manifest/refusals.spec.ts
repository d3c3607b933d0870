import { minimalManifest } from '../testing/manifest.ts'
import { checkManifest } from './check.ts'

const findingsOf = (change: Record<string, unknown>) => {
  const result = checkManifest({ ...minimalManifest(), ...change })
  return result.ok
    ? []
    : result.findings.map(({ rule, pointer, message, fix }) => `${rule} ${pointer} ${message} ${fix}`)
}

const page = { id: 'main', path: '/demo', expose: 'main', titleKey: 'demo.title', permission: 'demo:use' }
const panel = {
  id: 'tile',
  point: 'customer360.panel/v1',
  expose: 'tile',
  titleKey: 'demo.title',
  permission: 'demo:use',
}
const permission = { id: 'demo:use', labelKey: 'demo.title', sensitivity: 'low', defaultRoles: [] as string[] }
const backend = { entry: 'dist/server.cjs', isolation: 'process', routes: [] }
const pages = (...changes: object[]) => ({ ui: { pages: changes.map((change) => ({ ...page, ...change })) } })
const extensions = (...changes: object[]) => ({
  ui: { extensions: changes.map((change) => ({ ...panel, ...change })) },
})
const requests = (...changes: object[]) => ({
  permissions: { requests: changes.map((change) => ({ reasonKey: 'demo.title', ...change })) },
})
const config = (secrets: string[]) => {
  const properties = {
    'api/key': { type: 'string' },
    mail: { type: 'object', properties: { password: { type: 'string' } } },
  }
  return { config: { schema: { type: 'object', additionalProperties: false, properties }, secrets } }
}
/** What a schema gives where nobody gave a secret. */
const defaults = (ofPassword: object, ofMail: object = {}) => {
  const mail = { type: 'object', properties: { password: { type: 'string', ...ofPassword } }, ...ofMail }
  return { config: { schema: { type: 'object', properties: { mail } }, secrets: ['/mail/password'] } }
}

describe('what a manifest may not say', () => {
  it.each([
    ['an icon', pages({ icon: 'gague' }), /manifest-shape \/ui\/pages\/0\/icon .*"gague".* Did you mean "gauge"\?/],
    [
      'a role of a permission',
      { permissions: { defines: [{ ...permission, defaultRoles: ['agents'] }] } },
      /manifest-shape \/permissions\/defines\/0\/defaultRoles\/0 .*Did you mean "agent"/,
    ],
    ['a role of a widget', extensions({ defaultFor: ['nobody'] }), /manifest-shape .*"nobody", and none of agent, /],
    [
      'a kind of request',
      requests({ cap: 'http:egres', resource: 'a' }),
      /manifest-shape .*Did you mean "http:egress"/,
    ],
    [
      'a topic without a version',
      { backend: { ...backend, events: { subscribes: ['other.thing'] } } },
      /manifest-shape/,
    ],
    ['a page that no router reads', pages({ path: '/demo/:' }), /manifest-shape \/ui\/pages\/0\/path .*"\/demo\/:"/],
    ['two parameters in one', pages({ path: '/demo/:a:b' }), /manifest-shape \/ui\/pages\/0\/path /],
    ['a key that is the console’s own', pages({ key: 'd' }), /manifest-shape \/ui\/pages\/0\/key .*"d"/],
    ['a region', { regions: { deny: ['Brasil'] } }, /manifest-shape \/regions\/deny\/0 .*"Brasil"/],
    ['a language', { i18n: { default: 'es', locales: ['es', 'pt-BR', 'en', 'es_MX'], path: 'l' } }, /"es_MX"/],
    ...[
      "'unsafe-inline'",
      "'unsafe-eval'",
      '*',
      'https:',
      'https://*',
      'https://*.example.com',
      'http://api.example.com',
      'data:',
      'blob:',
      'https://api.example.com/path',
      "https://api.example.com; script-src 'unsafe-inline'",
      'https://api.example.com https://evil.example',
    ].map((source): [string, Record<string, unknown>, RegExp] => [
      `the source ${source}`,
      { ui: { csp: { connect: [source] } } },
      /manifest-shape \/ui\/csp\/connect\/0/,
    ]),
    ['a source of scripts', { ui: { csp: { script: ['https://a.example'] } } }, /"script" is not a field .*\/ui\/csp/],
    ['a misspelt field', pages({ titelKey: 'demo.title' }), /"titelKey" is not a field .*Did you mean "titleKey"\?/],
    ['a field that is missing', pages({ expose: undefined }), /"expose" is missing .*docs\/manifest\/ui\.md/],
  ])('%s that there is not', (_what, change, expected) => {
    expect(findingsOf(change).join('\n')).toMatch(expected)
  })

  it.each([
    ['manifest-duplicate /ui/pages/1', pages({}, { id: 'more' })],
    ['manifest-duplicate /ui/points/1', { ui: { points: [{ id: 'demo.a/v1' }, { id: 'demo.a/v1' }] } }],
    [
      'manifest-duplicate /backend/jobs/1',
      { backend: { ...backend, jobs: Array(2).fill({ name: 'a', everyMs: 500 }) } },
    ],
    ['manifest-duplicate /consumes/1', { consumes: Array(2).fill({ capability: 'a.b', range: '^1' }) }],
    ['manifest-duplicate /permissions/requests/1', requests(...Array(2).fill({ cap: 'db:own' }))],
    ['manifest-page-path /ui/pages/0/path', pages({ path: '/' })],
    ['manifest-page-path /ui/pages/0/path', pages({ path: '/gallery' })],
    ['manifest-page-path /ui/pages/0/path', pages({ path: '/api/:all' })],
    ['manifest-unknown-point /ui/extensions/0/point', extensions({ point: 'dashboard.widgets/v1' })],
    ['manifest-requires /regions/requires/0', { regions: { requires: ['regional_compliance@^2'] } }],
    ['manifest-requires /regions/requires/0', { regions: { requires: ['regional-compliance@two'] } }],
    ['manifest-requires /regions/requires/0', { regions: { requires: ['demo@^1'] } }],
    ['manifest-regions /regions/deny/0', { regions: { allow: ['br'], deny: ['br'] } }],
    ['manifest-conflict /conflicts/0', { conflicts: [{ range: '*', reason: 'x' }] }],
    ['manifest-conflict /conflicts/0', { conflicts: [{ plugin: 'a', capability: 'a.b', range: '*', reason: 'x' }] }],
    ['manifest-conflict /conflicts/0', { conflicts: [{ plugin: 'demo', range: '*', reason: 'x' }] }],
    [
      'manifest-consumes-own /consumes/0/capability',
      { provides: { 'a.b': '1.0.0' }, consumes: [{ capability: 'a.b', range: '*' }] },
    ],
    ['manifest-request /permissions/requests/0/resource', requests({ cap: 'http:egress' })],
    [
      'manifest-request /permissions/requests/0/resource',
      requests({ cap: 'http:egress', resource: 'https://a.example' }),
    ],
    ['manifest-request /permissions/requests/0/resource', requests({ cap: 'http:egress', resource: '*.example.com' })],
    ['manifest-request /permissions/requests/0/resource', requests({ cap: 'secrets:use' })],
    ['manifest-request /permissions/requests/0/resource', requests({ cap: 'events:publish', resource: 'demo.thing' })],
    ['manifest-request /permissions/requests/0/purpose', requests({ cap: 'customer:read', fields: ['msisdn'] })],
    ['manifest-csp /ui/csp/connect/0', { ui: { csp: { connect: ['https://api.example.com'] } } }],
    ['manifest-csp /ui/csp/img/0', { ui: { csp: { img: ['https://api.example.com:99999'] } } }],
    [
      'manifest-csp /ui/csp/font/0',
      {
        ui: { csp: { font: ['https://api.example.com:8443'] } },
        ...requests({ cap: 'http:egress', resource: 'api.example.com' }),
      },
    ],
    ...['other:use', 'network:view', 'platform.audit:read', 'demo.audit:read', 'demo-too:use'].map(
      (id): [string, Record<string, unknown>] => [
        'manifest-own-permissions /permissions/defines/1/id',
        { permissions: { defines: [permission, { ...permission, id }] } },
      ],
    ),
    ['manifest-config-secret /config/secrets/0', config(['/apiKey'])],
    ['manifest-config-secret /config/secrets/0', config(['/mail/pasword'])],
    ['manifest-config-secret /config/secrets/0', defaults({ default: 'x' })],
    ['manifest-config-secret /config/secrets/0', defaults({}, { default: { password: 'x' } })],
    ['manifest-data-version /data/minReadable', { data: { collections: [], schemaVersion: 1, minReadable: 2 } }],
  ])('%s', (expected, change) => {
    expect(findingsOf(change).map((finding) => finding.split(' ').slice(0, 2).join(' '))).toEqual([expected])
  })

  it.each([
    pages({ path: '/demo/:region/:id', icon: 'gauge' }, { id: 'b', path: '/demo/:from-:to.html' }),
    extensions({ point: 'dashboard.widget/v1' }, { id: 'b', point: 'elsewhere.panel/v2' }),
    { regions: { allow: ['br'], deny: ['mx'], requires: ['regional-compliance@^2', 'other'] } },
    { conflicts: [{ capability: 'a.b', range: '*', reason: 'x' }] },
    requests({ cap: 'http:egress', resource: 'api.example.com:8443' }, { cap: 'http:egress', resource: '[::1]:80' }),
    requests({ cap: 'customer:read', fields: ['msisdn'], purpose: 'diagnostics' }, { cap: 'db:own' }),
    config(['/api~1key', '/mail/password']),
    { config: { schema: { type: 'object', allOf: [{ properties: { a: {} } }] }, secrets: ['/a'] } },
    {
      ui: { csp: { connect: ['https://api.example.com', 'wss://api.example.com:8443'] } },
      ...requests(
        { cap: 'http:egress', resource: 'API.example.com' },
        { cap: 'http:egress', resource: 'api.example.com:8443' },
      ),
    },
    { data: { collections: [], schemaVersion: 2, minReadable: 2 } },
  ])('is not %j', (change) => expect(findingsOf(change)).toEqual([]))

  it('is no secret below a property that may be anything', () => {
    const schema = { type: 'object', properties: { a: true } }
    expect(findingsOf({ config: { schema, secrets: ['/a/b'] } })).toEqual([])
  })
})

describe('a condition', () => {
  const tile = (when: string, point: string) => findingsOf(extensions({ when, point })).join('\n')

  it.each([
    [`'agents' in user.roles`, 'asks for "agents"; there are agent, '],
    [`user.roles in ['agent', 'boss']`, `compares a list: write 'x' in user.roles`],
    [`user.roles == 'agent'`, `compares a list: write 'x' in user.roles`],
    [`user.name == 'Ana'`, 'names "user.name", which there is not'],
    [`context.kind == 'fibre'`, 'names "context.kind", which there is not'],
    [`'fiber' in context.services.technology`, 'asks for "fiber"; there are mobile, fibre'],
    [`!(context.services.speed > 5)`, 'names "context.services.speed", which there is not'],
    [`context.region in ['br'] || context.colour == 1`, 'names "context.colour"'],
  ])('%s is refused: it %s', (when, expected) => {
    const found = tile(when, panel.point)
    expect(found).toContain('manifest-when /ui/extensions/0/when')
    expect(found).toContain(expected)
  })

  it.each([
    [`'agent' in user.roles && !('br' in user.regions)`, panel.point],
    [`'fibre' in context.services.technology && context.services`, panel.point],
    [`context.region in ['br', 'mx'] && context.country == null`, panel.point],
    [`'agent' in user.roles`, 'dashboard.widget/v1'],
    [`context.any.thing == 'x'`, 'elsewhere.panel/v1'],
  ])('%s is taken', (when, point) => expect(tile(when, point)).toBe(''))

  it('of a widget is about the person alone: the board offers it before it has a place', () => {
    expect(tile('context.columns >= 4', 'dashboard.widget/v1')).toContain('names "context.columns", which there is not')
  })

  it('is held against the context of a point of the plugin’s own', () => {
    const contextSchema = { type: 'object', additionalProperties: false, properties: { kind: { enum: ['a', 'b'] } } }
    const found = (when: string) =>
      findingsOf({
        ui: { points: [{ id: 'demo.row/v1', contextSchema }], extensions: [{ ...panel, point: 'demo.row/v1', when }] },
      }).join()
    expect(found(`context.kind == 'a'`)).toBe('')
    expect(found(`context.kind == 'c'`)).toContain('asks for "c"; there are a, b')
    expect(found(`context.kid == 'a'`)).toContain('names "context.kid"')
  })
})
