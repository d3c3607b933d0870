import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createGuardedServer } from './guarded-server.ts'

/** Everything that is answered until the server closes. */
async function answersTo(text: string, answer: boolean, expectations: unknown[] = []): Promise<string> {
  const server = createGuardedServer({
    ...{ headersTimeoutMs: 10_000, bodyTimeoutMs: 300, connectionsCheckingIntervalMs: 100, keepAliveTimeoutMs: 60_000 },
    ...{ maxHeaderBytes: 16_384, connectionsPerAddress: 10, trustedProxies: [], headers: [] },
    titleOf: (code) => code,
    bodyOf: ({ code }) => ({ code }),
    shouldUpgrade: () => false,
    arrived: () => undefined,
  })
  server.on('request', (request, response) => {
    expectations.push(request.headers.expect)
    request.resume()
    if (answer) response.writeHead(403, { 'content-length': 0 }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let told = ''
  socket.on('data', (chunk: Buffer) => (told += chunk.toString()))
  socket.write(text)
  await once(socket, 'close')
  server.close()
  return told
}

describe('a body that stalls', () => {
  const begun = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf'

  it('is answered 408', async () => {
    expect((await answersTo(begun, false)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 408'])
  })

  it('gets no second answer when its request was answered before', async () => {
    expect((await answersTo(begun, true)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 403'])
  })
})

it('hands no expectation of HTTP/1.0 over, whose clients know no answer before the answer', async () => {
  const expected: unknown[] = []
  await answersTo('POST / HTTP/1.0\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n', true, expected)
  expect(expected).toEqual([undefined])
})
