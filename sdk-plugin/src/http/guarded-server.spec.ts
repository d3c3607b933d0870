import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createGuardedServer } from './guarded-server.ts'

async function guarded(bodyTimeoutMs: number, answer: RequestListener): Promise<{ server: Server; socket: Socket }> {
  const server = createGuardedServer({
    ...{ headersTimeoutMs: 10_000, bodyTimeoutMs, connectionsCheckingIntervalMs: 100, keepAliveTimeoutMs: 60_000 },
    ...{ maxHeaderBytes: 16_384, connectionsPerAddress: 10, trustedProxies: [], headers: [] },
    titleOf: (code) => code,
    bodyOf: ({ code }) => ({ code }),
    shouldUpgrade: () => false,
    arrived: () => undefined,
  })
  server.on('request', answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, socket: connect((server.address() as AddressInfo).port, '127.0.0.1') }
}

/** Everything that is answered until the server closes. */
async function answersTo(text: string, answer: RequestListener): Promise<string> {
  const { server, socket } = await guarded(300, answer)
  let told = ''
  socket.on('data', (chunk: Buffer) => (told += chunk.toString()))
  socket.write(text)
  await once(socket, 'close')
  server.close()
  return told
}

const refuse: RequestListener = (request, response) => {
  request.resume()
  response.writeHead(403, { 'content-length': 0 }).end()
}

describe('a body that stalls', () => {
  const begun = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf'

  it('is answered 408', async () => {
    const told = await answersTo(begun, (request) => request.resume())
    expect(told.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 408'])
  })

  it('gets no second answer when its request was answered before', async () => {
    expect((await answersTo(begun, refuse)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 403'])
  })
})

describe('an answer', () => {
  const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

  it('that nobody reads is given up', async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>()
    const { server, socket } = await guarded(100, (_request, response) => {
      response.once('close', close)
      // More than the system holds between the two.
      response.end(Buffer.alloc(64 * 1024 * 1024))
    })
    socket.pause()
    socket.on('error', () => undefined)
    socket.write(get)
    await closed
    socket.destroy()
    server.close()
  })

  it('that takes its time to begin is waited for', async () => {
    const { server, socket } = await guarded(
      50,
      (_request, response) => void setTimeout(() => response.end('late'), 600),
    )
    socket.write(get)
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 [\s\S]*late/)
    socket.destroy()
    server.close()
  })
})

it('hands no expectation of HTTP/1.0 over, whose clients know no answer before the answer', async () => {
  const expected: unknown[] = []
  const head = 'POST / HTTP/1.0\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n'
  await answersTo(head, (request, response) => {
    expected.push(request.headers.expect)
    refuse(request, response)
  })
  expect(expected).toEqual([undefined])
})
