import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../command.ts'
import { askRegistry } from './ask-registry.ts'

const answers: Readonly<Record<string, RequestListener>> = {
  '/page': (_request, response) => response.end('<html>Sign in to the network</html>'),
  '/list': (_request, response) => response.end('[]'),
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('{"a"', () => response.destroy())
  },
  '/round': (_request, response) => response.writeHead(302, { location: '/round' }).end(),
  '/refused': (_request, response) =>
    response.writeHead(403).end(JSON.stringify({ detail: '\u001B[2JOnly\u0007 a member\nmay.' })),
  '/signed-out': (_request, response) => response.writeHead(401).end('{"detail":"Sign in first."}'),
  '/wrong': (_request, response) =>
    response
      .writeHead(400)
      .end('{"detail":"Not so.","errors":[{"pointer":"/a","message":"is no time"},null,{"message":5}]}'),
  '/refused-for-a-reason': (_request, response) =>
    response.writeHead(409).end(
      JSON.stringify({
        detail: 'So.',
        reason: 'no_channel',
        params: { channel: '\u001B[2Jx', channels: ['next', 'stable'] },
      }),
    ),
  '/refused-for-another': (_request, response) =>
    response.writeHead(409).end('{"detail":"For a new reason.","reason":"of_tomorrow","params":{}}'),
  '/refused-oddly': (_request, response) => response.writeHead(502).end('{"detail":5}'),
  '/object': (_request, response) => response.end('{"a":1}'),
}

let server: Server
let url: string
beforeAll(async () => {
  server = createServer((request, response) => answers[request.url ?? '']?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const sentence = (path: string, at = url) =>
  askRegistry(at, path).then(
    () => undefined,
    (error: unknown) => (error instanceof UsageError ? error.message : error),
  )

describe('askRegistry', () => {
  it('gives the object that was answered', async () => {
    expect(await askRegistry(url, '/object')).toEqual({ a: 1 })
  })

  it.each([
    ['/page', /does not answer like a registry: there is no JSON object at \/page\.$/],
    ['/list', /does not answer like a registry/],
    ['/cut', /^The registry does not answer at http:\S+: .*\.$/],
    ['/round', /redirect count exceeded\.$/],
    ['/refused', /^The registry refused \(403\): Only a member\nmay\.$/],
    ['/wrong', /^The registry refused \(400\): Not so\.\n {2}\/a is no time$/],
    ['/refused-for-a-reason', /^The registry refused \(409\): There is no channel x; there are: next, stable\.$/],
    ['/refused-for-another', /^The registry refused \(409\): For a new reason\.$/],
    ['/refused-oddly', /^The registry refused \(502\): \{"detail":5\}$/],
  ])('says in a sentence what is wrong with %s', async (path, expected) => {
    expect(await sentence(path)).toMatch(expected)
  })

  it('says whether a token is missing, or is not taken any more', async () => {
    expect(await sentence('/signed-out')).toBe('The registry refused (401): Sign in first.')
    const headers = { authorization: 'Bearer old' }
    await expect(askRegistry(url, '/signed-out', { headers })).rejects.toThrow(
      `The registry does not take the token in .npmrc (401). Sign in anew: npm login --registry ${url}/`,
    )
  })

  it('names the proxy that Node does not use by itself when nobody answers', async () => {
    const before = process.env
    process.env = { ...before, HTTPS_PROXY: 'http://proxy.example', NODE_USE_ENV_PROXY: '' }
    try {
      expect(await sentence('/x', 'http://127.0.0.1:1')).toMatch(
        /Set NODE_USE_ENV_PROXY=1 to go through HTTPS_PROXY\.$/,
      )
      process.env['NODE_USE_ENV_PROXY'] = '1'
      expect(await sentence('/x', 'http://127.0.0.1:1')).not.toContain('NODE_USE_ENV_PROXY')
    } finally {
      process.env = before
    }
  })
})
