import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { type Fixture, packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness

beforeAll(async () => {
  data = await startData()
  harness = await Harness.start(data.data, { isolation: { default: 'inline', byPlugin: { away: 'process' } } })
})

afterAll(async () => {
  await harness?.stop()
  await data?.stop()
})

const at = (path: string) => `/api/plugins/away${path}`

async function install(fixture: Fixture): Promise<void> {
  const answer = await harness.install(await packFixture(fixture))
  if (answer.status !== 200) throw new Error(answer.text)
}

describe('plugins of both tiers', () => {
  it('call each other, with answers, data and problems as they are', async () => {
    const offer = (id: string) => ({ [`${id}.sums`]: '1.0.0' })
    const need = (id: string) => [{ capability: `${id}.sums`, range: '^1', optional: true }]
    const start = (own: string, other: string) => `
      class Sums {
        async add(a, b) { return { sum: a + b, at: new Date(0), none: undefined, of: new Map([['a', a]]) } }
        async refuse() { throw new sdk.Problem(409, 'sums_refused', 'Not today.') }
      }
      context.capabilities.provide('${own}.sums', new Sums())
      const other = context.capabilities.consume('${other}.sums')
      const say = (path, handler) => context.route({ method: 'GET', path, summary: 'x', handler })
      say('/available', () => ({ available: other.available }))
      say('/add', async () => { const { sum, at, of } = await other.add(1, 2); return { sum, at: at.getTime(), a: of.get('a') } })
      say('/refuse', () => other.refuse())
      say('/missing', () => other.missing())`
    const routes = ['/available', '/add', '/refuse', '/missing'].map((path) => route('GET', path))
    const of = (id: string, other: string): Fixture => ({
      id,
      routes,
      manifest: { provides: offer(id), consumes: need(other) },
      start: start(id, other),
    })
    await install(of('away', 'home'))
    expect((await harness.call('GET', at('/available'))).json).toEqual({ available: false })
    expect((await harness.call('GET', at('/add'))).json).toMatchObject({ code: 'capability_unavailable' })
    await install(of('home', 'away'))
    for (const id of ['away', 'home']) {
      const call = (path: string) => harness.call('GET', `/api/plugins/${id}${path}`)
      while ((await call('/available')).json['available'] !== true);
      expect((await call('/add')).json).toEqual({ sum: 3, at: 0, a: 1 })
      expect(await call('/refuse')).toMatchObject({ status: 409, json: { code: 'sums_refused', detail: 'Not today.' } })
      expect((await call('/missing')).status).toBe(500)
    }
    await harness.change('disable', 'home')
    await harness.change('uninstall', 'home')
  })
})

describe('a plugin in a process of its own', () => {
  const slow = (version: string): Fixture => ({
    id: 'away',
    version,
    routes: [
      ...['/now', '/steps', '/headers', '/fall'].map((path) => route('GET', path)),
      route('POST', '/slow', { streaming: true }),
    ],
    manifest: { realtime: [{ topic: 'away.tile', permission: 'demo:use' }] },
    start: `
      const say = (path, handler) => context.route({ method: 'GET', path, summary: 'x', handler })
      say('/now', () => ({ version: context.version }))
      context.route({ method: 'POST', path: '/slow', summary: 'x', handler: async (request) => {
        context.log.info({}, 'takes ' + context.version)
        for await (const part of request.payload);
        return { version: context.version }
      } })
      say('/fall', () => process.abort())
      say('/headers', (request, h) => h.response({ sent: request.headers['x-dcesop-call'] ?? null, who: request.identity.subject, may: request.identity.permissions.has('demo:use') }).header('set-cookie', 'session=mine').header('x-frame-options', 'ALLOWALL'))
      const { PassThrough } = require('node:stream')
      say('/steps', (request, h) => {
        const steps = new PassThrough()
        steps.write('data: one\\n\\n')
        request.signal.addEventListener('abort', () => context.log.info({}, 'the reader left'))
        return h.response(steps).type('text/event-stream')
      })
      context.realtime.publish('away.tile', { region: 'br', key: 'k', payload: { at: new Date(0) } })`,
  })

  it('ends a request on the version that took it, through upgrade, rollback and disabling', async () => {
    const upgraded = async (tarball: Buffer) => {
      await harness.upload(tarball)
      return harness.change('upgrade', 'away')
    }
    expect((await upgraded(await packFixture(slow('2.0.0')))).status).toBe(200)
    await harness.upload(await packFixture(slow('3.0.0')))
    const version = async () => (await harness.call('GET', at('/now'))).json['version']
    const first = await slowRequest('2.0.0')
    const upgrading = harness.change('upgrade', 'away')
    await harness.until(async () => (await version()) === '3.0.0')
    expect(await first.finish()).toEqual({ version: '2.0.0' })
    expect((await upgrading).status).toBe(200)
    const second = await slowRequest('3.0.0')
    const rollingBack = harness.change('rollback', 'away')
    await harness.until(async () => (await version()) === '2.0.0')
    expect(await second.finish()).toEqual({ version: '3.0.0' })
    expect((await rollingBack).status).toBe(200)
    harness.log.lines.length = 0
    const last = await slowRequest('2.0.0')
    const disabling = harness.change('disable', 'away')
    await harness.until(async () => (await version()) === undefined)
    expect(await last.finish()).toEqual({ version: '2.0.0' })
    expect((await disabling).status).toBe(200)
    expect((await harness.change('enable', 'away')).status).toBe(200)
  })

  it('knows a caller from the host only, and cannot speak for the host in its answer', async () => {
    const forged = `x.y.${Buffer.from('{"subject":"admin"}').toString('base64url')}`
    const answer = await harness.call('GET', at('/headers'), { headers: { 'x-dcesop-call': forged } })
    expect(answer.json).toEqual({ sent: null, who: 'agent', may: true })
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' })
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('refuses who finds its socket without the key', async () => {
    const answered = await answeredBySockets()
    expect(answered.length).toBeGreaterThan(0)
    expect(new Set(answered)).toEqual(new Set([403]))
  })

  it('streams, and learns that the reader left', async () => {
    const outgoing = httpRequest(harness.origin + at('/steps'), { headers: { 'x-user': 'agent' } }).end()
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    const [first] = (await once(incoming, 'data')) as [Buffer]
    expect(first.toString()).toBe('data: one\n\n')
    outgoing.destroy()
    while (!harness.log.lines.some(({ message }) => message === 'the reader left'))
      await new Promise((resolve) => setTimeout(resolve, 10))
  })

  it('fails the request that ended its process, and has the next ones wait until it is there again', async () => {
    expect(await harness.call('GET', at('/fall'))).toMatchObject({ status: 502, json: { code: 'plugin_ended' } })
    while ((await answeredBySockets()).length > 0);
    const codes = new Set<unknown>()
    let answer = await harness.call('GET', at('/now'))
    for (; answer.status !== 200; answer = await harness.call('GET', at('/now'))) codes.add(answer.json['code'])
    expect(codes).toEqual(new Set(['plugin_unavailable']))
  })

  it('publishes to browsers on its own topics', () => {
    expect(harness.hub.published).toContainEqual({
      topic: 'away.tile',
      region: 'br',
      key: 'k',
      payload: { at: new Date(0) },
    })
  })
})

it('answers of a process before its answer, more and more, are not read for ever', async () => {
  const routes = [route('GET', '/early')]
  const start = `context.route({ method: 'GET', path: '/early', summary: 'x', handler: () => {
    for (const socket of process._getActiveHandles().filter(({ server }) => server))
      socket.write('HTTP/1.1 103 Early Hints\\r\\n\\r\\n'.repeat(20))
    return 'at last' } })`
  const backend = { entry: 'dist/server.cjs', isolation: 'process' as const, routes }
  expect(await harness.install(await packFixture({ id: 'early', manifest: { backend }, start }))).toMatchObject({
    status: 200,
  })
  expect((await harness.call('GET', '/api/plugins/early/early')).status).toBe(500)
})

describe('a process that does not start as agreed', () => {
  /** How a plugin may reach its own channel to the host. */
  const forge = (routes: string) => `
    const { serialize } = require('node:v8')
    const channel = process._getActiveHandles().find(({ _handle }) => _handle?.fd === 3)
    const content = (i) => serialize({ i, r: ${routes} })
    for (let i = 1; i < 20; i += 1) {
      const size = Buffer.alloc(4)
      size.writeUInt32LE(content(i).length)
      channel.write(Buffer.concat([size, content(i)]))
    }`

  it.each([
    ['ends', 'process.exit(7)', 'it ended by itself (exit code 7)'],
    ['shouts', forge(`'x'.repeat(5_000_000)`), 'its channel closed: A message of'],
    ['silent', forge('undefined'), 'routes must be array'],
    [
      'vague',
      forge(`[{ method: 'GET', path: '/x', summary: 'x', responses: { 200: null } }]`),
      'routes/0/responses/200 must be object',
    ],
  ])('is told why: it %s', async (id, start, why) => {
    const backend = { entry: 'dist/server.cjs', isolation: 'process' as const, routes: [route('GET', '/x')] }
    const answer = await harness.install(await packFixture({ id, manifest: { backend }, start }))
    expect(answer).toMatchObject({ status: 422, json: { code: 'plugin_start_failed' } })
    expect(answer.json['detail']).toContain(why)
  })
})

/** A request that the version has taken, and that lasts until it is finished. @returns its answer */
async function slowRequest(version: string): Promise<{ finish(): Promise<unknown> }> {
  const headers = { 'x-user': 'agent', 'content-type': 'application/json' }
  const outgoing = httpRequest(harness.origin + at('/slow'), { method: 'POST', headers })
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
  outgoing.write('{')
  await harness.said(`takes ${version}`)
  return {
    async finish() {
      outgoing.end('}')
      const [incoming] = await answered
      return json(incoming)
    },
  }
}

/** What the processes answer to who asks them directly. */
async function answeredBySockets(): Promise<number[]> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(`dcesop-run-${process.pid}-`))
  const statuses = await Promise.all(folders.map((folder) => statusOf(join(tmpdir(), folder, 'http.sock'))))
  return statuses.filter((status) => status !== undefined)
}

/** Undefined when nobody listens. */
function statusOf(socketPath: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const outgoing = httpRequest({ socketPath, path: '/api/plugins/away/now' }, (incoming) => {
      incoming.resume()
      resolve(incoming.statusCode)
    })
    outgoing.on('error', () => resolve(undefined))
    outgoing.end()
  })
}
