import { readdir } from 'node:fs/promises'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { packFiles } from '@dcesop/sdk-plugin/package'
import { MongoClient } from 'mongodb'
import { pluginFiles, publishBody, tarballOf } from './testing/packages.ts'
import { startTestRegistry, type TestRegistry } from './testing/test-registry.ts'

let registry: TestRegistry
let eve: string
beforeAll(async () => {
  registry = await startTestRegistry({ http: { bodyPatienceMs: 600, connectionsCheckingIntervalMs: 100 } })
  eve = await registry.token('eve')
})
afterAll(() => registry.stop())

/** What an attack may not leave behind: a version, a blob, a spooled file. */
async function nothingStored(): Promise<void> {
  const client = await MongoClient.connect(registry.mongodbUri)
  const db = client.db(registry.database)
  expect(await db.collection('versions').countDocuments()).toBe(0)
  expect(await db.collection('packages').countDocuments()).toBe(0)
  await client.close()
  expect(await readdir(join(registry.directory, 'blobs'))).toEqual([])
  expect(await readdir(join(registry.directory, 'spool'))).toEqual([])
}
afterEach(nothingStored)

const packageJson = ['package/package.json', JSON.stringify({ name: '@eve/x', version: '1.0.0' })] as const
const withEntry = (header: Parameters<typeof tarballOf>[0][number][0], content?: string | Buffer) =>
  tarballOf([[{ name: packageJson[0] }, packageJson[1]], content === undefined ? [header] : [header, content]])

describe('a tarball', () => {
  it.each([
    ['climbs out', () => withEntry({ name: 'package/../../evil' }, 'x'), 'package-unsafe-path'],
    ['is absolute', () => withEntry({ name: '/etc/evil' }, 'x'), 'package-unsafe-path'],
    [
      'has a symlink',
      () => withEntry({ name: 'package/l', type: 'symlink', linkname: '/etc/passwd' }),
      'package-entry-type',
    ],
    [
      'has a hard link',
      () => withEntry({ name: 'package/l', type: 'link', linkname: '/etc/passwd' }),
      'package-entry-type',
    ],
    ['has a device', () => withEntry({ name: 'package/d', type: 'character-device' }), 'package-entry-type'],
    ['names a file twice', () => withEntry({ name: 'package/package.json' }, '{}'), 'package-duplicate'],
    ['collides by case', () => withEntry({ name: 'package/PACKAGE.json' }, '{}'), 'package-case-collision'],
    ['is a bomb', () => withEntry({ name: 'package/zeros' }, Buffer.alloc(80 * 1024 * 1024)), 'package-unpacked-size'],
    [
      'has too many files',
      () => tarballOf(Array.from({ length: 2100 }, (_, n) => [{ name: `package/${n}` }])),
      'package-file-count',
    ],
    ['is no gzip', async () => Buffer.from('hello'), 'package-unreadable'],
    [
      'is cut off',
      async () => (await withEntry({ name: 'package/a' }, 'x'.repeat(5000))).subarray(0, 100),
      'package-unreadable',
    ],
    ['has no package.json', () => tarballOf([[{ name: 'package/a' }, 'x']]), 'package-json'],
    [
      'pollutes by package.json',
      () => tarballOf([[{ name: packageJson[0] }, '{"name":"@eve/x","version":"1.0.0","__proto__":{"a":1}}']]),
      'package-json',
    ],
    [
      'has a package.json of megabytes',
      () =>
        tarballOf([
          [{ name: packageJson[0] }, JSON.stringify({ name: '@eve/x', version: '1.0.0', x: 'k'.repeat(20_000_000) })],
        ]),
      'package-json',
    ],
    [
      'has dependencies that are none',
      () => tarballOf([[{ name: packageJson[0] }, '{"name":"@eve/x","version":"1.0.0","dependencies":"all"}']]),
      'package-json',
    ],
  ])('that %s is refused', async (_what, make, rule) => {
    const answer = await registry.publish(eve, { name: '@eve/x', tarball: await make() })
    expect(answer.status).toBe(422)
    expect(answer.body['errors']).toEqual([expect.objectContaining({ code: rule, page: `docs/rules/${rule}.md` })])
  })

  it.each(['body{margin:0}', '@import "https://fonts.example/x.css";', '.a[data-v-1]{color:red}}body{margin:0}'])(
    'that was put together by hand, with the style %s, is refused',
    async (css) => {
      const files = pluginFiles('@eve/dcesop-x').set('dist/ui/x.css', Buffer.from(css))
      // No `dcesop pack` looked at it.
      const tarball = await packFiles(files, [], { development: true })
      const answer = await registry.publish(eve, { name: '@eve/dcesop-x', tarball })
      expect([answer.status, answer.body['errors']]).toEqual([
        422,
        [expect.objectContaining({ code: 'ui-global-selector', page: 'docs/rules/ui-global-selector.md' })],
      ])
    },
  )

  it('beyond 16 MiB is refused while it arrives', async () => {
    const tarball = Buffer.alloc(17 * 1024 * 1024, 7)
    const answer = await registry.publish(eve, { name: '@eve/x', tarball })
    expect([answer.status, answer.body['code']]).toEqual([413, 'payload_too_large'])
  })
})

describe('a publish document', () => {
  const put = (body: string, headers = {}) => registry.send('PUT', '/@eve%2fx', { token: eve, body, headers })

  it.each([
    ['ends too early', '{"name":"@eve/x"', 'malformed_json'],
    ['is two documents', '{}{}', 'malformed_json'],
    ['is empty', '', 'malformed_json'],
    ['is a list', '[]', 'invalid_publish'],
    ['is a text', '"text"', 'invalid_publish'],
    ['names a prototype', '{"name":"@eve/x","__proto__":{"admin":true}}', 'forbidden_key'],
    ['has a version that is a prototype', '{"name":"@eve/x","versions":{"__proto__":{}}}', 'forbidden_key'],
    ['says a member twice', '{"name":"@eve/x","name":"@eve/y"}', 'duplicate_key'],
    ['is bottomless', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'malformed_json'],
    [
      'measures its tarball with what is no number',
      published({ attachment: { length: { toString: 1 } } }),
      'integrity_mismatch',
    ],
    [
      'sums its tarball up with what is no text',
      published({ dist: { integrity: { toString: 1 } } }),
      'integrity_mismatch',
    ],
    ['has no tarball', '{"name":"@eve/x","versions":{"1.0.0":null}}', 'package_not_found'],
    [
      'has three tarballs',
      '{"_attachments":{"x.tgz":{"data":"AAAA"},"y.tgz":{"data":"AAAA"},"z.tgz":{"data":"AAAA"}}}',
      'invalid_publish',
    ],
  ])('that %s is refused', async (_what, body, code) => {
    const answer = await put(body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body['code']).toBe(code)
  })

  it('that is announced as far too large is refused at once, and the connection closed', async () => {
    const text = await raw(head(65 * 1024 * 1024), 'wait')
    expect(text).toMatch(/^HTTP\/1.1 413 [\s\S]*payload_too_large/)
    expect(text).toMatch(/connection: close/i)
  }, 3000)

  it('of ten megabytes beside its tarball is refused', async () => {
    const answer = await put(JSON.stringify({ name: '@eve/x', readme: 'x'.repeat(10 * 1024 * 1024) }))
    expect([answer.status, answer.body['code']]).toEqual([413, 'payload_too_large'])
  })

  it('is refused as another media type or with a content encoding', async () => {
    expect((await put('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await put('{}', { 'content-encoding': 'gzip' })).status).toBe(415)
  })

  it.each([
    ['of a publisher that is not theirs', 'PUT /@registry-admin%2fx', 'application/json', 403, 'scope_not_owned'],
    ['of another media type', 'PUT /@eve%2fx', 'text/plain', 415, 'unsupported_media_type'],
    ['with a bundle of another registry', 'POST /-/dcesop/v1/imports', 'application/x-tar', 403, 'forbidden'],
  ])('%s is never asked for, of who waits to be', async (_what, line, type, status, code) => {
    const text = await raw(head(60 * 1024 * 1024, line, type, 'expect: 100-continue\r\n'), 'wait')
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*"${code}"`))
    expect(text).toMatch(/connection: close/i)
  })

  it.each([
    ['PUT', '/@eve%2fx', 404],
    ['POST', '/-/dcesop/v1/channels', 400],
  ])('is asked for, of who waits and may send it by %s', async (method, path, status) => {
    const headers = { authorization: `Bearer ${eve}`, 'content-type': 'application/json', expect: '100-continue' }
    const asked = request(registry.url + path, { method, headers, agent: false })
    asked.flushHeaders()
    await once(asked, 'continue')
    asked.end('{"name":"@eve/x"}')
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect(answer.resume().statusCode).toBe(status)
  })

  it('that is not UTF-8 is refused', async () => {
    const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    const headers = { authorization: `Bearer ${eve}`, 'content-type': 'application/json' }
    const answer = await fetch(`${registry.url}/@eve%2fx`, { method: 'PUT', headers, body })
    expect(await answer.json()).toMatchObject({ code: 'malformed_encoding' })
  })

  it('that ends early leaves nothing', async () => {
    const text = JSON.stringify(await publishBody({ name: '@eve/x', files: { big: 'x'.repeat(100_000) } }))
    await raw(head(text.length) + text.slice(0, text.length / 2), 'end')
    await registry.send('GET', '/-/ping')
  })

  it('that stops arriving is closed, and leaves nothing', async () => {
    const text = JSON.stringify(await publishBody({ name: '@eve/x' }))
    expect(await raw(head(text.length) + text.slice(0, text.length / 2), 'wait')).toMatch(
      /^HTTP\/1.1 408 .*problem\+json/s,
    )
  })

  function head(length: number, line = 'PUT /@eve%2fx', type = 'application/json', more = ''): string {
    const lines = [`${line} HTTP/1.1`, 'host: localhost', `authorization: Bearer ${eve}`, `content-type: ${type}`]
    return `${lines.join('\r\n')}\r\ncontent-length: ${length}\r\n${more}\r\n`
  }
})

it.each([
  ['no host', 'GET /-/ping HTTP/1.1\r\n\r\n', '400'],
  ['two hosts', 'GET /-/ping HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', '400'],
  [
    'an encoding that a proxy may skip',
    'POST /-/v1/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\nGET /-/ping HTTP/1.1\r\nHost: x\r\n\r\n',
    '400',
  ],
  ['an expectation', 'PUT /x HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n', '417'],
  ['a proxy’s method', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', '405'],
])('answers %s once, with a problem', async (_what, bytes, status) => {
  const text = await raw(bytes, 'wait')
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(text).toContain('application/problem+json')
  expect(text).toContain("content-security-policy: default-src 'none'")
  expect(text.match(/^HTTP/gm)).toHaveLength(1)
})

/** A document whose tarball is the byte 0. */
function published({ attachment = {}, dist = {} }: { attachment?: object; dist?: object }): string {
  return JSON.stringify({
    name: '@eve/x',
    versions: { '1.0.0': { name: '@eve/x', version: '1.0.0', dist } },
    _attachments: { '@eve/x-1.0.0.tgz': { data: 'AA==', ...attachment } },
  })
}

describe('names', () => {
  it.each([
    '/..%2f..%2fetc',
    '/@eve%2f..%2f..',
    '/%2e%2e',
    '/@..%2fx',
    '/.hidden',
    '/@eve%2f.x',
    '/@__proto__%2fx',
    '/a%00b',
    '/node_modules',
  ])('such as %s are refused before the body is looked at', async (path) => {
    const answer = await registry.send('PUT', path, { token: eve, body: {} })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  it('that are no text of any encoding are refused in a body as well', async () => {
    const plugins = [{ plugin: '\ud800', version: '1.0.0' }]
    const answer = await registry.send('POST', '/-/dcesop/v1/bundle', { token: eve, body: { plugins } })
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_package_name'])
  })

  it('of operators in place of texts do not reach the database', async () => {
    const sign = { name: { $gt: '' }, password: { $gt: '' } }
    const answer = await registry.send('PUT', '/-/user/org.couchdb.user:eve', { body: sign })
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request'])
    expect((await registry.send('GET', '/-/v1/search?text[$gt]=')).status).toBe(400)
    expect((await registry.send('GET', '/-/v1/search?text=a&text=b')).status).toBe(400)
    const tag = await registry.send('PUT', '/-/package/@eve%2fx/dist-tags/latest', { token: eve, body: { $ne: 1 } })
    expect(tag.status).toBe(400)
  })
})

/** Sends bytes as they are; resolves with the answer once the connection closes. */
function raw(bytes: string, then: 'end' | 'wait'): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(new URL(registry.url).port), '127.0.0.1', () => {
      socket.write(bytes)
      if (then === 'end') socket.destroy()
    })
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}
