import { testIdentity } from '@dcesop/sdk-plugin/testing'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildServer } from '../../generation/child-server.ts'
import { callHeader, encodeCall } from '../call-header.ts'
import { listen } from './listen.ts'

let folder: string
let server: Server | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'listen-'))
})

afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  await rm(folder, { recursive: true, force: true })
})

async function ask(handle: (response: ServerResponse) => void, call = encodeCall('key', { identity, traceId: 'a' })) {
  const socketPath = join(folder, 'http.sock')
  const child = { handle: (_request: IncomingMessage, response: ServerResponse) => handle(response) }
  server = await listen(child as ChildServer, socketPath, 'key')
  const outgoing = request({ socketPath, headers: { [callHeader]: call, connection: 'keep-alive' } }).end()
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  answer.resume()
  return answer
}

const identity = testIdentity([])

it('leaves to the host what the host says in each answer, and keeps the connection', async () => {
  const { headers } = await ask((response) => {
    for (const name of ['cache-control', 'X-Frame-Options', 'x-trace-id', 'etag', 'set-cookie'])
      response.setHeader(name, 'x')
    response.setHeader('Connection', 'close')
    response.end('{}')
  })
  expect(headers).toEqual({ etag: 'x', 'set-cookie': ['x'], connection: 'keep-alive', 'content-length': '2' })
})

it('refuses whoever is not the host', async () => {
  const handle = jest.fn()
  expect((await ask(handle, encodeCall('other', { identity, traceId: 'a' }))).statusCode).toBe(403)
  expect(handle).not.toHaveBeenCalled()
})
