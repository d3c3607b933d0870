import type { Socket } from 'node:net'
import type { CoreRoutes } from '../ports.ts'
import { addRoute } from './core-route.ts'
import { startTestDoor, type TestDoor } from './testing/test-door.ts'

const unlimited = {
  requestsPerMinutePerIdentity: 1e6,
  requestsPerMinutePerAddress: 1e6,
  signInsPerMinutePerAddress: 1e6,
}

let door: TestDoor
beforeAll(async () => {
  door = await startTestDoor()
})
afterAll(() => door.stop())

/** With a second request that another reader could take for the body of the first. */
const encoded = (encoding: string) =>
  `POST /api/upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ${encoding}\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n`

describe('connections', () => {
  it.each([
    ['garbage', 'NOT HTTP\r\n\r\n', '400'],
    [
      'two lengths',
      'POST /api/limited HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
      '400',
    ],
    [
      'a length and chunks',
      'POST /api/limited HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', '400'],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: x/y?z\r\n\r\n', '400'],
    ['another version of HTTP', 'GET / HTTP/2.0\r\nHost: x\r\n\r\n', '400'],
    ['no version of HTTP', 'GET /\r\nHost: x\r\n\r\n', '400'],
    ['an encoding below the chunks', encoded('gzip, chunked'), '400'],
    ['an encoding that a proxy may skip', encoded('identity, chunked'), '400'],
    ['chunks of HTTP/1.0', encoded('chunked').replace('HTTP/1.1', 'HTTP/1.0'), '400'],
    ['an expectation', 'PUT /api/notes/7 HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n{}', '417'],
    ['a proxy’s method', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', '405'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
  ])('answer %s with a problem and close', async (_name, bytes, status) => {
    const text = await door.raw(bytes)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text).toContain('application/problem+json')
    expect(text).toContain("content-security-policy: default-src 'none'")
    expect(text.match(/^HTTP/gm)).toHaveLength(1)
  })

  it('outlive who asks for a proxy and resets the connection', async () => {
    for (let n = 0; n < 5; n += 1)
      await door.raw('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', (socket) =>
        socket.resetAndDestroy(),
      )
    expect((await fetch(door.url)).status).toBe(200)
  })

  it.each(['h2c', 'websocket'])('answer who offers %s as anybody else', async (protocol) => {
    const text = await door.raw(
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`,
    )
    expect(text).toMatch(/^HTTP\/1.1 200 [\s\S]*<title>shell/)
  })

  it.each([
    ['no version', '?transport=websocket', '', '404'],
    ['two versions', '?EIO=4&EIO=3&transport=websocket', '', '404'],
    ['another transport', '?EIO=4&transport=polling', '', '404'],
    ['a session that is none', '?EIO=4&transport=websocket&sid=__proto__', '', '404'],
    ['two hosts', '?EIO=4&transport=websocket', 'Host: y\r\n', '400'],
  ])(
    'answer who wants a socket with %s as anybody else: the hub takes none such',
    async (_what, query, more, status) => {
      const head = `GET /socket.io/${query} HTTP/1.1\r\nHost: x\r\n${more}Connection: Upgrade, close\r\nUpgrade: websocket\r\n`
      const text = await door.raw(
        `${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      )
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json`))
      expect(text.match(/^HTTP/gm)).toHaveLength(1)
    },
  )

  it.each(['x', 'x:80', '[::1]:8080', 'a_b.example', ''])('take %j as a host', async (host) => {
    expect(await door.raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /)
  })

  it.each([
    ['a route of the core', 'PUT', '/api/notes/7'],
    ['one that reads a stream', 'POST', '/api/upload'],
  ])('answer who announces too large a body for %s without waiting for it, and close', async (_what, method, path) => {
    const patient = await startTestDoor({ headersTimeoutMs: 60_000, bodyTimeoutMs: 60_000 })
    const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nX-Test-User: 1\r\nContent-Type: application/json\r\nContent-Length: 1000001\r\n`
    const [silent, asking] = await Promise.all([
      patient.raw(`${head}\r\n`),
      patient.raw(`${head}Expect: 100-continue\r\n\r\n`),
    ])
    for (const text of [silent, asking]) {
      expect(text).toMatch(/^HTTP\/1.1 413 /)
      expect(text).toMatch(/connection: close/i)
    }
    await patient.stop()
  })

  it('do not reset the connection of who sends the body all the same: the answer arrives', async () => {
    const body = Buffer.alloc(8_000_000, 32)
    const patient = await startTestDoor({ headersTimeoutMs: 10_000 })
    for (let n = 0; n < 5; n += 1) {
      const response = await fetch(`${patient.url}/api/notes/7`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'x-test-user': '1' },
        body,
      })
      expect([response.status, (await response.json()) as object]).toMatchObject([413, { code: 'payload_too_large' }])
    }
    await patient.stop()
  })

  it('are closed when one address has too many, and taken again when it has fewer', async () => {
    const few = await startTestDoor({
      headersTimeoutMs: 10_000,
      limits: { ...unlimited, connectionsPerAddress: 3 },
    })
    const held: Socket[] = []
    const hold = () => few.raw('GET / HTTP/1.1\r\nHost: x\r\n', (socket) => held.push(socket))
    const three = [hold(), hold(), hold()]
    while (held.length < 3) await new Promise((resolve) => setTimeout(resolve, 10))
    const get = () => few.raw('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(await get()).toBe('')
    for (const socket of held) socket.destroy()
    await Promise.all(three)
    // The door hears in its own time that they are gone; Jest's limit ends this where it never does.
    let answer = ''
    while (answer === '') answer = await get()
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    await few.stop()
  })

  it('of a trusted proxy are not counted, and limits hold for who is behind it', async () => {
    const behind = await startTestDoor({
      headersTimeoutMs: 10_000,
      trustedProxies: ['loopback'],
      limits: { ...unlimited, connectionsPerAddress: 1, signInsPerMinutePerAddress: 3 },
    })
    const ask = (address: string) =>
      behind.raw(
        `POST /api/limited HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: ${address}\r\nContent-Length: 0\r\n\r\n`,
      )
    const statuses = async (address: string) =>
      (await Promise.all([1, 2, 3, 4].map(() => ask(address)))).map((text) => text.slice(9, 12)).sort()
    expect(await statuses('203.0.113.7')).toEqual(['200', '200', '200', '429'])
    expect(await statuses('203.0.113.8')).toEqual(['200', '200', '200', '429'])
    await behind.stop()
  })

  it('close stalled headers and stalled bodies', async () => {
    const [header, body] = await Promise.all([
      door.raw('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '),
      door.raw(
        'PUT /api/notes/7 HTTP/1.1\r\nHost: x\r\nX-Test-User: 1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"te',
      ),
    ])
    expect(header).toMatch(/^HTTP\/1.1 408 /)
    expect(body).toMatch(/^HTTP\/1.1 408 /)
  })

  it('close bodies that trickle, but not one that the host itself holds back', async () => {
    // How long a head takes is the machine's, not the matter here.
    const patient = await startTestDoor({ headersTimeoutMs: 10_000, bodyTimeoutMs: 900 })
    const head = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n`
    const trickle = patient.raw(head('/api/upload'), (socket) => {
      const timer = setInterval(() => socket.write(' '), 100)
      socket.on('close', () => clearInterval(timer))
    })
    const whole = patient.raw(`${head('/api/upload-slowly')}${' '.repeat(500_000)}`)
    expect(await trickle).toMatch(/^HTTP\/1.1 408 /)
    expect(await whole).toMatch(/^HTTP\/1.1 200 /)
    await patient.stop()
  })
})

it('requests that are sent at once on one connection begin in their order, each after the answer before it', async () => {
  const steps: string[] = []
  const stepping: CoreRoutes = {
    register: (server) =>
      addRoute<{ Params: { n: string } }>(server, {
        method: 'POST',
        path: '/api/steps/{n}',
        summary: 'Takes some turns.',
        access: 'public',
        params: { type: 'object', additionalProperties: false, properties: { n: { type: 'string' } } },
        async handler({ params: { n } }) {
          steps.push(`begin ${n}`)
          for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
          steps.push(`end ${n}`)
          return { n }
        },
      }),
  }
  const strict = await startTestDoor({}, [stepping])
  // More than is read at once, and more requests than may wait.
  const many = Array.from({ length: 60 }, (_, n) => String(n))
  const head = (n: string) =>
    `POST /api/steps/${n} HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(4000)}\r\nConnection: ${n === '59' ? 'close' : 'keep-alive'}\r\nContent-Length: 0\r\n\r\n`
  const text = await strict.raw(many.map(head).join(''))
  expect([...text.matchAll(/\{"n":"(\d+)"\}/g)].map(([, n]) => n)).toEqual(many)
  expect(steps).toEqual(many.flatMap((n) => [`begin ${n}`, `end ${n}`]))
  await strict.stop()
})

describe('a door that is told to stop', () => {
  it('finishes what is under way and takes nothing new', async () => {
    const stopping = await startTestDoor({ drainMs: 60_000 })
    const slow = fetch(`${stopping.url}/api/upload-slowly`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    // Answered while the slow one is under way, so that one has arrived.
    expect((await fetch(`${stopping.url}/api/upload`, { method: 'POST' })).status).toBe(200)
    const stopped = stopping.stop()
    await expect(fetch(stopping.url)).rejects.toThrow()
    expect(await (await slow).json()).toEqual({ bytes: 2 })
    await stopped
  })

  it('answers what a proxy sends before it knows, on connections that were idle and on new ones, and keeps none of them', async () => {
    const stopping = await startTestDoor({ trustedProxies: ['loopback'] })
    let stopped: Promise<void> | undefined
    const change = 'POST /api/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'
    const answers = await stopping.raw(change, (socket) =>
      socket.once('data', () => {
        stopped = stopping.stop()
        setImmediate(() => socket.write(change))
      }),
    )
    const connections = [...answers.matchAll(/HTTP\/1\.1 200[^]*?^connection: (\S+)/gim)].map(([, how]) => how)
    expect(connections).toEqual(['keep-alive', 'close'])
    const late = await fetch(`${stopping.url}/api/upload`, { method: 'POST' })
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close'])
    await stopped
    await expect(fetch(stopping.url)).rejects.toThrow()
  })

  it('answers the checks of a proxy while something is under way, which that would end otherwise', async () => {
    const { promise: finished, resolve: finish } = Promise.withResolvers<string>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const held: CoreRoutes = {
      register: (server) =>
        addRoute(server, {
          method: 'GET',
          path: '/api/held',
          summary: 'Waits.',
          access: 'public',
          handler: () => {
            begin()
            return finished
          },
        }),
    }
    const stopping = await startTestDoor({ trustedProxies: ['loopback'], drainMs: 60_000 }, [held])
    const answer = fetch(`${stopping.url}/api/held`)
    await begun
    const stopped = stopping.stop()
    // Longer than a proxy takes to notice.
    await new Promise((resolve) => setTimeout(resolve, 2000))
    expect((await fetch(`${stopping.url}/api/upload`, { method: 'POST' })).status).toBe(200)
    finish('done')
    expect(await (await answer).text()).toBe('done')
    await stopped
    await expect(fetch(stopping.url)).rejects.toThrow()
  })
})
