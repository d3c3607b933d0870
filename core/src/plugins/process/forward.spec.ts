import { Cancellation } from '@dcesop/sdk-plugin/http'
import { testIdentity } from '@dcesop/sdk-plugin/testing'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, createServer as createPlainServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { forward } from './forward.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const agent = new Agent({ keepAlive: true })
let folder: string
const servers: Server[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forward-'))
})

afterEach(async () => {
  agent.destroy()
  for (const server of servers.splice(0)) server.close()
  await rm(folder, { recursive: true, force: true })
})

/** The answer that a client gets, when the process writes these pieces one after the other. */
async function answerTo(method: string, ...pieces: string[]): Promise<{ status: number; body: Buffer }> {
  const socketPath = join(folder, 'http.sock')
  const far = createPlainServer((socket) => {
    socket.once('data', async () => {
      for (const piece of pieces) {
        socket.write(piece)
        for (let turns = 0; turns < 20; turns += 1) await turn()
      }
      if (pieces.at(-1) === '') socket.destroy()
    })
  })
  const target = { plugin: 'demo', agent, socketPath, key: 'key', log, ends: async () => false }
  const near = createServer((asked, response) => {
    const call = { identity: testIdentity([]), traceId: 'a', cancellation: new Cancellation() }
    forward(asked, response, call, undefined, target)
  })
  servers.push(far, near)
  await Promise.all([once(far.listen(socketPath), 'listening'), once(near.listen(0, '127.0.0.1'), 'listening')])
  const { port } = near.address() as AddressInfo
  const [answer] = (await once(request({ port, method, agent: false }).end(), 'response')) as [IncomingMessage]
  const body: Buffer[] = []
  for await (const piece of answer) body.push(piece as Buffer)
  return { status: answer.statusCode as number, body: Buffer.concat(body) }
}

const head = (length: number, status = '200 OK') => `HTTP/1.1 ${status}\r\ncontent-length: ${length}\r\n\r\n`
const words = 'ação 🚀'
const bytes = Buffer.from(words)

describe('an answer of a process', () => {
  it.each([
    ['in one piece', [head(bytes.length) + words]],
    ['in two', [head(bytes.length), words]],
    ['in several', [head(2 * bytes.length) + words, words]],
  ])('goes on as it is when it comes %s', async (_how, pieces) => {
    const { status, body } = await answerTo('GET', ...pieces)
    expect([status, body.toString()]).toEqual([200, pieces.join('').split('\r\n\r\n')[1]])
  })

  it.each([
    ['with nothing in it', 'GET', head(0)],
    ['without a body', 'HEAD', head(10)],
    ['that has none', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ])('ends, %s', async (_what, method, piece) => {
    expect((await answerTo(method, piece)).body).toHaveLength(0)
  })

  it('is no whole one when the process ends in the middle of it', async () => {
    await expect(answerTo('GET', head(100) + words, '')).rejects.toThrow('aborted')
  })
})
