import { randomBytes } from 'node:crypto'
import { get } from 'node:http'
import type { Json } from '@dcesop/sdk-plugin/host'
import { libraryTarball } from '../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

let registry: TestRegistry
let eva: string
let tarball: Buffer
const short = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*'
beforeAll(async () => {
  registry = await startTestRegistry()
  eva = await registry.token('eva')
  const wish = { name: '@eva/lib', packageJson: { dependencies: { left: '^1.0.0' }, description: 'x'.repeat(2000) } }
  // Large enough for a server that compresses.
  tarball = await libraryTarball({ ...wish, files: { 'data.bin': randomBytes(50_000) } })
  await registry.publish(eva, { ...wish, tarball })
  await registry.publish(eva, { name: '@eva/lib', version: '1.1.0' })
})
afterAll(() => registry.stop())

describe('reading', () => {
  it('answers scoped names plain and escaped alike', async () => {
    const [plain, lower, upper] = await Promise.all(
      ['/@eva/lib', '/@eva%2flib', '/@eva%2Flib'].map((path) => registry.send('GET', path)),
    )
    expect(plain?.status).toBe(200)
    expect([lower?.body, upper?.body]).toEqual([plain?.body, plain?.body])
  })

  it('resolves a range as a person writes one, and none that would keep it busy', async () => {
    const range = (alternatives: number) =>
      encodeURIComponent(Array.from({ length: alternatives }, () => '>=1').join('||'))
    expect(await registry.send('GET', `/@eva%2flib/${range(10)}`)).toMatchObject({
      status: 200,
      body: { version: '1.1.0' },
    })
    expect(await registry.send('GET', `/@eva%2flib/${range(1000)}`)).toMatchObject({ status: 404 })
  })

  it('serves installers the short form, told apart for caches', async () => {
    const { headers, body } = await registry.send('GET', '/@eva%2flib', { headers: { accept: short } })
    expect(headers.get('content-type')).toContain('application/vnd.npm.install-v1+json')
    expect(headers.get('vary')).toContain('accept')
    expect(Object.keys(body).sort()).toEqual(['dist-tags', 'modified', 'name', 'versions'])
    expect((body['versions'] as Json)['1.0.0']).toMatchObject({ dependencies: { left: '^1.0.0' } })
    expect((body['versions'] as Json)['1.0.0']).not.toHaveProperty('description')
  })

  it.each([
    [short.toUpperCase(), true],
    ['application/vnd.npm.install-v1+json;q=0, application/json', false],
    ['application/vnd.npm.install-v1+json; q=0.0', false],
    ['application/vnd.npm.install-v1+json; q=0.5', true],
  ])('reads Accept: %s', async (accept, abbreviated) => {
    const { body } = await registry.send('GET', '/@eva%2flib', { headers: { accept } })
    expect('readme' in body).toBe(!abbreviated)
  })

  it('says 304 under the tag that it gave, also of what is too short to be compressed', async () => {
    await registry.publish(await registry.token('eva'), { name: '@eva/short' })
    for (const [name, compressed] of [
      ['@eva%2fshort', null],
      ['@eva%2flib', 'gzip'],
    ] as const) {
      const headers = { 'accept-encoding': 'gzip' }
      const first = await registry.send('GET', `/${name}`, { headers })
      const etag = first.headers.get('etag') as string
      const again = await registry.send('GET', `/${name}`, { headers: { ...headers, 'if-none-match': etag } })
      expect([first.headers.get('content-encoding'), again.status, again.headers.get('etag')]).toEqual([
        compressed,
        304,
        etag,
      ])
    }
  })

  it('compresses, and answers 304 until the package changes', async () => {
    const first = await registry.send('GET', '/@eva%2flib', { headers: { 'accept-encoding': 'gzip' } })
    expect(first.headers.get('content-encoding')).toBe('gzip')
    const etag = first.headers.get('etag') ?? ''
    const again = { headers: { 'if-none-match': etag, 'accept-encoding': 'gzip' } }
    expect((await registry.send('GET', '/@eva%2flib', again)).status).toBe(304)
    for (const tags of [`W/${etag}`, `"x", W/${etag}`, `"x",${etag}`])
      expect(
        (await registry.send('GET', '/@eva%2flib', { headers: { ...again.headers, 'if-none-match': tags } })).status,
      ).toBe(304)
    // The other form is another document.
    const other = { headers: { ...again.headers, accept: short } }
    expect((await registry.send('GET', '/@eva%2flib', other)).status).toBe(200)
    await registry.publish(eva, { name: '@eva/lib', version: '1.2.0' })
    expect((await registry.send('GET', '/@eva%2flib', again)).status).toBe(200)
  })

  it.each([
    ['1.0.0', '1.0.0'],
    ['latest', '1.2.0'],
    ['%5E1.0.0', '1.2.0'],
    ['1.0', '1.0.0'],
  ])('finds the version for %s', async (wanted, version) => {
    expect((await registry.send('GET', `/@eva%2flib/${wanted}`)).body).toMatchObject({ name: '@eva/lib', version })
  })

  it('serves tarballs for ever, whole, in ranges and as head', async () => {
    const address = `${registry.url}/@eva%2flib/-/lib-1.0.0.tgz`
    const whole = await fetch(address, { headers: { 'accept-encoding': 'gzip' } })
    expect(whole.headers.get('cache-control')).toContain('immutable')
    expect(whole.headers.get('content-length')).toBe(String(tarball.length))
    expect(whole.headers.get('content-encoding')).toBeNull()
    expect(Buffer.from(await whole.arrayBuffer()).equals(tarball)).toBe(true)
    const part = await fetch(address, { headers: { range: 'bytes=10-29' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-29/${tarball.length}`])
    expect(Buffer.from(await part.arrayBuffer()).equals(tarball.subarray(10, 30))).toBe(true)
    const behind = await fetch(address, { headers: { range: 'bytes=999999-' } })
    expect([behind.status, behind.headers.get('content-type'), behind.headers.get('content-range')]).toEqual([
      416,
      'application/problem+json',
      `bytes */${tarball.length}`,
    ])
    expect(await behind.json()).toMatchObject({ code: 'range_not_satisfiable', size: tarball.length })
    const head = await fetch(address, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(tarball.length)])
    expect([head, whole].map(({ headers }) => headers.get('accept-ranges'))).toEqual(['bytes', 'bytes'])
    const etag = whole.headers.get('etag') ?? ''
    expect((await fetch(address, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it.each(['items=0-9', 'bytes', 'bytes=', 'bytes=-', 'bytes=9-1', 'bytes=a-b', 'bytes=0-1,5-6', 'bytes=-999999999'])(
    'gives the whole tarball where the range %s is none that it serves',
    async (range) => {
      const answer = await fetch(`${registry.url}/@eva%2flib/-/lib-1.0.0.tgz`, { headers: { range } })
      expect([200, 206]).toContain(answer.status)
      expect(Buffer.from(await answer.arrayBuffer()).equals(tarball)).toBe(true)
      if (answer.status === 206)
        expect(answer.headers.get('content-range')).toBe(`bytes 0-${tarball.length - 1}/${tarball.length}`)
    },
  )

  it('gives a part only of the file that was asked about', async () => {
    const address = `${registry.url}/@eva%2flib/-/lib-1.0.0.tgz`
    const etag = (await fetch(address, { method: 'HEAD' })).headers.get('etag') ?? ''
    const status = async (ifRange: string) =>
      (await fetch(address, { headers: { range: 'bytes=0-9', 'if-range': ifRange } })).status
    expect([await status(etag), await status('"other"')]).toEqual([206, 200])
  })

  it('gives the whole of what is no file, whatever range is asked for', async () => {
    for (const range of ['items=0-9', 'bytes=999999-', 'bytes=0-1'])
      expect((await registry.send('GET', '/@eva%2flib', { headers: { range } })).body).toMatchObject({
        name: '@eva/lib',
      })
  })

  it.each([
    ['GET', '/@eva%2flib/9.9.9', 404],
    ['GET', '/@eva%2flib/-/lib-9.9.9.tgz', 404],
    ['GET', '/@eva%2flib/-/other-1.0.0.tgz', 404],
    ['GET', '/@eva%2flib/-/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/nothing', 404],
    ['GET', '/-/unknown/route', 404],
    ['GET', '/_hidden', 400],
    ['GET', '/@eva%2f..', 400],
    ['GET', '/@eva%2f%2e%2e%2f%2e%2e', 400],
    ['GET', '/__proto__', 400],
    ['GET', '/constructor', 400],
    ['GET', `/${'x'.repeat(300)}`, 400],
    ['PATCH', '/@eva%2flib', 405],
    ['POST', '/-/whoami', 405],
    ['GET', '/-/unknown', 404],
    ['GET', '/-/org/eva/team', 403],
    ['PUT', '/-/team/eva/devs/package', 403],
    ['GET', '/-/npm/v1/security/advisories/bulk', 405],
  ])('answers %s %s with %i as a problem', async (method, path, status) => {
    const answer = await registry.send(method, path, { token: eva })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect(answer.body).toMatchObject({ status, code: expect.any(String), error: expect.any(String) })
  })

  it('names the methods of an address that does not answer this one', async () => {
    const allowed = async (method: string, path: string) => (await registry.send(method, path)).headers.get('allow')
    expect(await allowed('OPTIONS', '/-/ping')).toBe('GET, HEAD')
    expect(await allowed('PUT', '/-/v1/login')).toBe('POST')
    expect(await allowed('PATCH', '/-/package/@eva%2flib/dist-tags/latest')).toBe('POST, PUT, DELETE')
  })

  it.each(['text/plain', 'multipart/form-data', 'none', ''])('answers a body of type %j with 415', async (type) => {
    const answer = await registry.send('POST', '/-/npm/v1/security/advisories/bulk', {
      body: '{}',
      headers: { 'content-type': type },
    })
    expect([answer.status, answer.body['code']]).toEqual([415, 'unsupported_media_type'])
  })

  it.each([
    ['that would end up in the addresses of others', 'evil/@x?"'],
    ['that is none', 'a b'],
  ])('refuses a Host %s', async (_what, host) => {
    const { hostname, port } = new URL(registry.url)
    const status = await new Promise((resolve, reject) => {
      get({ hostname, port, path: '/@eva%2flib', headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).once('error', reject)
    })
    expect(status).toBe(400)
  })
})
