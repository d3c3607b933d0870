import type { Identity } from '@dcesop/sdk-plugin'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'
import { io, type Socket } from 'socket.io-client'
import { createLog } from '../observability/log.ts'
import type { AuditRecord } from '../ports.ts'
import { SocketHub } from './hub.ts'

const topic = 'diagnostics.tiles'
const audited: AuditRecord[] = []
/** Sessions by cookie; a session that is taken out is over. */
const living = new Map<string, Identity>()
const endListeners = new Set<(sessionId: string, reason: string) => void>()

function person(sessionId: string, permissions: string[] = ['diagnostics:view'], regions = ['br']): Identity {
  const identity: Identity = {
    subject: `a-${sessionId}`,
    kind: 'employee',
    displayName: 'A',
    roles: [],
    permissions: new Set(permissions),
    regions,
    locale: 'es',
    sessionId,
  }
  living.set(sessionId, identity)
  return identity
}

const activities: boolean[] = []
/** Who somebody is, is looked up as slowly as the spec likes. */
let lookedUp: Promise<void> | undefined
const listener = createServer()
const hub = new SocketHub({
  authenticator: {
    authenticate: async (request, { activity }) => {
      activities.push(activity)
      await lookedUp
      return living.get(request.headers.cookie ?? '')
    },
  },
  sessions: {
    identities: async (ids) => new Map(ids.flatMap((id) => (living.has(id) ? [[id, living.get(id) as Identity]] : []))),
    onEnded: (listen) => {
      endListeners.add(listen)
      return { dispose: () => void endListeners.delete(listen) }
    },
  },
  policy: {
    allows: (identity, { permission, region }) =>
      identity.permissions.has(permission) && (region === undefined || identity.regions.includes(region)),
    define: () => ({ dispose: () => undefined }),
  },
  audit: { append: async (record) => void audited.push(record) },
  publicOrigin: null,
  log: createLog('silent'),
  recheckMs: 3_600_000,
  socketsPerAddress: 60,
})
const sockets: Socket[] = []
let url: string

beforeAll(async () => {
  hub.attach(listener)
  hub.declare(topic, { permission: 'diagnostics:view', replay: 3 })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
})

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect()
})

afterAll(async () => {
  await hub.close()
  await new Promise((resolve) => listener.close(resolve))
})

interface Message {
  id: string
  key: string
  payload: unknown
}
interface Ack {
  ok: boolean
  code?: string
  latest?: string
  resync?: boolean
}

async function open(
  cookie: string,
  headers: Record<string, string> = {},
): Promise<{ socket: Socket; messages: Message[] }> {
  const socket = io(url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie, ...headers },
  })
  sockets.push(socket)
  const messages: Message[] = []
  socket.on('message', (message: Message) => messages.push(message))
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve)
    socket.on('connect_error', reject)
  })
  return { socket, messages }
}

const join = (socket: Socket, input: object): Promise<Ack> => socket.emitWithAck('subscribe', input) as Promise<Ack>
const publish = (key: string, payload: unknown) => hub.publish(topic, { region: 'br', key, payload })
const connections = promisify((told: (error: Error | null, count: number) => void) => listener.getConnections(told))
/** An answered round trip: everything sent before it has arrived. */
const settle = (socket: Socket) => join(socket, {})

it('survives that whose upgrade it refuses resets the connection', () => {
  const socket = new PassThrough()
  listener.emit('upgrade', { headers: { host: 'x', origin: 'http://evil.example' } }, socket, Buffer.alloc(0))
  expect(String(socket.read())).toMatch(/^HTTP\/1.1 403 /)
  expect(() => socket.emit('error', new Error('read ECONNRESET'))).not.toThrow()
})

describe('realtime', () => {
  it('delivers to those who joined, in order, and to nobody else', async () => {
    person('one')
    person('two')
    const [one, two] = [await open('one'), await open('two')]
    expect(await join(one.socket, { topic, region: 'br', key: 'c1' })).toMatchObject({ ok: true })
    await join(two.socket, { topic, region: 'br', key: 'c2' })
    expect([hub.subscribers(topic, 'br', 'c1'), hub.subscribedKeys(topic, 'br').sort()]).toEqual([1, ['c1', 'c2']])
    for (const n of [1, 2]) publish('c1', n)
    await settle(one.socket)
    await settle(two.socket)
    expect(one.messages.map(({ payload }) => payload)).toEqual([1, 2])
    expect(two.messages).toEqual([])
    one.socket.emit('unsubscribe', { topic, region: 'br', key: 'c1' })
    await settle(one.socket)
    expect(hub.subscribers(topic, 'br', 'c1')).toBe(0)
  })

  it('replays what was missed before it acknowledges, and asks to read again when it cannot', async () => {
    person('r')
    publish('r1', 'a')
    const first = await open('r')
    const { latest } = await join(first.socket, { topic, region: 'br', key: 'r1' })
    first.socket.disconnect()
    for (const payload of ['b', 'c', 'd']) publish('r1', payload)
    const second = await open('r')
    const ack = await join(second.socket, { topic, region: 'br', key: 'r1', since: latest })
    expect(ack).toMatchObject({ ok: true })
    expect(ack.resync).toBeUndefined()
    expect(second.messages.map(({ payload }) => payload)).toEqual(['b', 'c', 'd'])
    expect(second.messages.at(-1)?.id).toBe(ack.latest)
    publish('r1', 'e')
    const third = await open('r')
    expect(await join(third.socket, { topic, region: 'br', key: 'r1', since: latest })).toMatchObject({
      ok: true,
      resync: true,
    })
    expect(await join(third.socket, { topic, region: 'br', key: 'r2', since: 'otherepoch-4' })).toMatchObject({
      ok: true,
      resync: true,
    })
    expect(third.messages).toEqual([])
  })

  it('keeps nothing that cannot be sent, or that is too long', async () => {
    person('u')
    publish('u1', 'a')
    const first = await open('u')
    const { latest } = await join(first.socket, { topic, region: 'br', key: 'u1' })
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    for (const payload of [cycle, 1n, 'x'.repeat(300_000)]) expect(() => publish('u1', payload)).toThrow()
    publish('u1', 'b')
    const second = await open('u')
    expect(await join(second.socket, { topic, region: 'br', key: 'u1', since: latest })).toMatchObject({ ok: true })
    expect(second.messages.map(({ payload }) => payload)).toEqual(['b'])
  })

  it('refuses other regions, missing permissions, undeclared topics and what a plugin refuses, and records it', async () => {
    person('p')
    const { socket } = await open('p')
    const refused = { ok: false, code: 'not_found' }
    expect(await join(socket, { topic, region: 'mx', key: 'c' })).toEqual(refused)
    expect(await join(socket, { topic: 'offers.live', region: 'br', key: 'c' })).toEqual(refused)
    expect(audited.at(-1)).toMatchObject({ action: 'access.denied', details: { topic: 'offers.live' } })
    const check = hub.authorize(topic, async (_identity, _region, key) => key !== 'hidden')
    expect(await join(socket, { topic, region: 'br', key: 'hidden' })).toEqual(refused)
    expect(await join(socket, { topic, region: 'br', key: 'shown' })).toMatchObject({ ok: true })
    await check.dispose()
  })

  it.each([
    [null],
    ['x'],
    [{ topic: { $gt: '' }, region: 'br', key: 'c' }],
    [{ topic, region: 'br', key: 'a\nb' }],
    [{ topic, region: 'br', key: 'c', admin: true }],
  ])('answers %j with a refusal', async (input) => {
    person('h')
    const { socket } = await open('h')
    expect(await join(socket, input as object)).toEqual({ ok: false, code: 'invalid_request' })
  })

  it('lets in nobody without a session, from another origin, or on another path', async () => {
    person('o')
    await expect(open('nobody')).rejects.toThrow('not_signed_in')
    await expect(open('o', { origin: 'https://evil.example' })).rejects.toThrow()
    const { socket } = await open('o', { origin: url })
    expect(socket.connected).toBe(true)
    expect([...new Set(activities)]).toEqual([false])
  })

  it('ends sockets with their session, and takes them out of rooms that they lost', async () => {
    person('e1')
    person('e2')
    const [one, two] = [await open('e1'), await open('e2')]
    await join(two.socket, { topic, region: 'br', key: 'c9' })
    const ended = new Promise((resolve) => one.socket.on('session-ended', resolve))
    for (const listen of endListeners) listen('e1', 'signed_out')
    expect(await ended).toEqual({ reason: 'signed_out' })
    person('e2', [])
    await hub.recheck()
    publish('c9', 'secret')
    await settle(two.socket)
    expect(two.messages).toEqual([])
    const lost = new Promise((resolve) => two.socket.on('session-ended', resolve))
    living.delete('e2')
    await hub.recheck()
    await lost
  })

  it('closes a socket that sends too much or too large', async () => {
    person('big')
    const large = await open('big')
    const closed = new Promise((resolve) => large.socket.on('disconnect', resolve))
    large.socket.emit('subscribe', { topic: 'x'.repeat(20_000) })
    await closed
    const many = await open('big')
    const stopped = new Promise((resolve) => many.socket.on('disconnect', resolve))
    for (let n = 0; n < 500; n += 1) many.socket.emit('unsubscribe', {})
    await stopped
  })

  it('broadcasts to every socket', async () => {
    person('b')
    const { socket } = await open('b')
    const heard = new Promise((resolve) => socket.on('feed-changed', resolve))
    hub.broadcast('feed-changed', { revision: 3 })
    expect(await heard).toEqual({ revision: 3 })
  })
})

describe('how many sockets there may be', () => {
  it('is bounded for each person, however fast they come, and a closed one makes room', async () => {
    person('tabs')
    const asked = await Promise.allSettled(Array.from({ length: 55 }, () => open('tabs')))
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    expect(refused).toEqual(Array.from({ length: 5 }, () => 'Error: too_many_requests'))
    person('neighbour')
    expect((await open('neighbour')).socket.connected).toBe(true)
    for (const socket of sockets.splice(0)) socket.disconnect()
    for (let is = false; !is;)
      is = await open('tabs').then(
        ({ socket }) => socket.connected,
        () => false,
      )
  })

  it('does not count those who left before it was known who they are', async () => {
    person('hasty')
    const { promise, resolve } = Promise.withResolvers<void>()
    lookedUp = promise
    const before = activities.length
    const raw = Array.from({ length: 55 }, () => upgrade('hasty'))
    for (const socket of raw) {
      await once(socket, 'data')
      socket.write(frame('40'))
    }
    while (activities.length < before + raw.length) await new Promise((go) => setTimeout(go, 5))
    for (const socket of raw) socket.destroy()
    while ((await connections()) > 0) await new Promise((go) => setTimeout(go, 5))
    lookedUp = undefined
    resolve()
    expect((await open('hasty')).socket.connected).toBe(true)
  })

  it('is bounded for each address, with a session or without', async () => {
    const raw = Array.from({ length: 70 }, () => upgrade('nobody'))
    const answers = await Promise.all(
      raw.map(async (socket) => String(await once(socket, 'data').then(([data]) => data as Buffer))),
    )
    const count = (status: string) => answers.filter((answer) => answer.startsWith(`HTTP/1.1 ${status}`)).length
    expect(count('429')).toBeGreaterThanOrEqual(10)
    expect(count('101') + count('429')).toBe(70)
    for (const socket of raw) socket.destroy()
    // Their places are free again once the server has noticed.
    for (let is = false; !is;) {
      const socket = upgrade('nobody')
      is = String((await once(socket, 'data'))[0]).startsWith('HTTP/1.1 101')
      socket.destroy()
    }
  })
})

it('does not keep more and more for who never reads', async () => {
  person('deaf')
  const socket = upgrade('deaf')
  let heard = ''
  socket.on('data', (data: Buffer) => (heard += data))
  const says = async (text: string) => {
    while (!heard.includes(text)) await once(socket, 'data')
  }
  await says('"sid"')
  socket.write(frame('40'))
  await says('40{')
  socket.write(frame(`420["subscribe",${JSON.stringify({ topic, region: 'br', key: 'flood' })}]`))
  while (hub.subscribers(topic, 'br', 'flood') === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  socket.pause()
  for (let n = 0; n < 400; n += 1) publish('flood', 'x'.repeat(100_000))
  await hub.recheck()
  expect(hub.subscribers(topic, 'br', 'flood')).toBe(0)
  socket.destroy()
})

/** A WebSocket by hand, so that it can be left unread. */
function upgrade(cookie: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const lines = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    'host: x',
    `cookie: ${cookie}`,
    'connection: upgrade',
  ]
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  socket.write(
    [...lines, 'upgrade: websocket', 'sec-websocket-version: 13', `sec-websocket-key: ${key}`, '', ''].join('\r\n'),
  )
  return socket
}

/** A masked text frame. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}
