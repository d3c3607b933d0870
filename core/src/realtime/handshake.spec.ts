import { once } from 'node:events'
import { connect } from 'node:net'
import { hubForAll } from './testing/test-hub.ts'

const server = hubForAll()
const { audited, person, open, join } = server

const good = {
  host: 'x',
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

/** The head of the answer, and its body where it is a refusal. */
async function shake(headers: Record<string, string>): Promise<{ head: string; body: Record<string, unknown> }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(['GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', ...lines, '', ''].join('\r\n'))
  let text = ''
  socket.on('data', (data: Buffer) => (text += data.toString('latin1')))
  while (!text.includes('\r\n\r\n')) await once(socket, 'data')
  const opened = text.startsWith('HTTP/1.1 101')
  if (opened) socket.destroy()
  else await once(socket, 'end')
  socket.destroy()
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { head, body: opened ? {} : (JSON.parse(body) as Record<string, unknown>) }
}

describe('a handshake', () => {
  it.each([
    ['an older version', { 'sec-websocket-version': '8' }, 426, 'upgrade_required'],
    ['versions at once', { 'sec-websocket-version': '13, 8' }, 426, 'upgrade_required'],
    ['no key', { 'sec-websocket-key': '' }, 400, 'invalid_request'],
    ['a short key', { 'sec-websocket-key': 'YWJj' }, 400, 'invalid_request'],
    ['another origin', { origin: 'https://evil.example' }, 403, 'foreign_origin'],
  ])('with %s is refused by a problem', async (_what, headers, status, code) => {
    const { head, body } = await shake({ ...good, ...headers })
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toMatch(/^content-type: application\/problem\+json/im)
    expect(head).toMatch(/^x-content-type-options: nosniff/im)
    expect(body).toMatchObject({ status, code })
    expect(/^x-trace-id: (.*)$/im.exec(head)?.[1]).toBe(body['traceId'])
    expect(/^sec-websocket-version: (.*)$/im.exec(head)?.[1]).toBe(status === 426 ? '13' : undefined)
  })

  it('agrees to no subprotocol, of which there is none', async () => {
    const { head } = await shake({ ...good, 'sec-websocket-protocol': 'chat, superchat' })
    expect(head).toMatch(/^HTTP\/1\.1 101 /)
    expect(head).not.toMatch(/^sec-websocket-protocol:/im)
  })

  it('names the trace under which what the socket asks for is on record', async () => {
    expect((await shake(good)).head).toMatch(/^x-trace-id: [0-9a-f]{32}$/im)
    person('traced')
    const { socket } = await open('traced')
    for (const region of ['mx', 'co']) await join(socket, { topic: 'a.b', region, key: 'k' })
    const [one, two] = audited.slice(-2).map(({ traceId }) => traceId)
    expect(one).toMatch(/^[0-9a-f]{32}$/)
    expect(two).toBe(one)
  })
})
