import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createLog } from '../observability/log.ts'
import { splitListener } from './raw-door.ts'

const listener = createServer()
beforeAll(async () => {
  const raw = {
    prefix: '/api/plugins/',
    handle: async (_request, response, { path }) => void response.end(`raw ${path}`),
  } as Parameters<typeof splitListener>[1]
  splitListener(listener, raw, createLog('silent')).on('request', (request, response) =>
    response.end(`inner ${request.url}`),
  )
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
})
afterAll(() => listener.close())

const answerTo = (path: string) =>
  new Promise<string>((resolve, reject) => {
    const { port } = listener.address() as AddressInfo
    const answered = (response: IncomingMessage) => resolve(text(response))
    get({ host: '127.0.0.1', port, path, agent: false }, answered).on('error', reject)
  })

it.each([
  ['/api/plugins/one/a?b', 'raw /api/plugins/one/a'],
  ['/api/plugins/../auth', 'inner /api/plugins/../auth'],
  ['http://host.example/api/plugins/one/a?b', 'raw /api/plugins/one/a'],
  ['HTTPS://host.example:8443/api/auth', 'inner /api/auth'],
  ['http://host.example', 'inner /'],
  ['http://host.example?x', 'inner /?x'],
])('takes %s to the same door whether a proxy names the host in it or not: %s', async (path, answer) => {
  expect(await answerTo(path)).toBe(answer)
})
