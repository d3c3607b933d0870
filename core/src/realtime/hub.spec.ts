import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { hubForAll, topic } from './testing/test-hub.ts'

const server = hubForAll()
const { hub, listener, audited, living, endListeners, activities, person, open, join, publish, settle } = server

it('survives that whose upgrade it refuses resets the connection', () => {
  const socket = new PassThrough()
  const request = Object.assign(new IncomingMessage(new Socket()), {
    method: 'GET',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  })
  Object.assign(request.headers, { host: 'x', origin: 'http://evil.example' })
  listener.emit('upgrade', request, socket, Buffer.alloc(0))
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
    const denial = { action: 'access.denied', outcome: 'denied', actor: { subject: 'a-p' }, address: '127.0.0.1' }
    expect(audited.slice(-2)).toMatchObject([
      { ...denial, reason: 'region', region: 'mx', details: { topic } },
      { ...denial, reason: 'topic' },
    ])
    expect(JSON.stringify(audited.at(-1))).not.toContain('offers.live')
    const check = hub.authorize(topic, async (_identity, _region, key) => key !== 'hidden')
    expect(await join(socket, { topic, region: 'br', key: 'hidden' })).toEqual(refused)
    expect(audited.at(-1)).toMatchObject({ ...denial, reason: 'key', details: { topic } })
    expect(await join(socket, { topic, region: 'br', key: 'shown' })).toMatchObject({ ok: true })
    await check.dispose()
  })

  const followed = { permission: 'diagnostics:view', replay: 3, record: 'customer.follow' }

  it('has on record who follows somebody, before the first message, once for each time that they join', async () => {
    const declared = hub.declare('customers.timeline', followed)
    const follow = { topic: 'customers.timeline', region: 'br', key: 'c_1' }
    person('f')
    const before = await open('f')
    const { latest } = await join(before.socket, follow)
    before.socket.disconnect()
    hub.publish(follow.topic, { ...follow, payload: 'a note' })
    const known = audited.length
    const { socket, messages } = await open('f')
    const recorded: number[] = []
    socket.on('message', () => recorded.push(audited.length))
    for (const since of [latest, undefined]) await join(socket, { ...follow, ...(since && { since }) })
    expect([messages.map(({ payload }) => payload), recorded]).toEqual([['a note'], [known + 1]])
    expect(audited.slice(known)).toEqual([
      {
        action: 'customer.follow',
        outcome: 'allowed',
        actor: { subject: 'a-f', kind: 'employee', sessionId: 'f' },
        address: '127.0.0.1',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        region: 'br',
        resource: 'c_1',
        plugin: 'customers',
      },
    ])
    await declared.dispose()
  })

  it('shows nothing of somebody that cannot be recorded', async () => {
    const declared = hub.declare('customers.timeline', followed)
    const follow = { topic: 'customers.timeline', region: 'br', key: 'c_2' }
    person('g')
    const { socket, messages } = await open('g')
    const append = jest.spyOn(server.audit, 'append').mockRejectedValueOnce(new Error('the disk is full'))
    expect(await join(socket, follow)).toEqual({ ok: false, code: 'internal_error' })
    hub.publish(follow.topic, { ...follow, payload: 'a note' })
    await settle(socket)
    expect([messages, hub.subscribers(follow.topic, 'br', 'c_2')]).toEqual([[], 0])
    append.mockRestore()
    await declared.dispose()
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
    expect(audited.at(-1)).toMatchObject({
      actor: { kind: 'anonymous' },
      reason: 'session',
      resource: 'GET /socket.io/',
    })
    await expect(open('o', { origin: 'https://evil.example' })).rejects.toThrow()
    expect(audited.at(-1)).toMatchObject({
      action: 'access.denied',
      actor: { subject: 'a-o' },
      address: '127.0.0.1',
      reason: 'foreign_origin',
      resource: 'GET /socket.io/',
      details: { origin: 'https://evil.example' },
    })
    const { socket } = await open('o', { origin: server.url })
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
