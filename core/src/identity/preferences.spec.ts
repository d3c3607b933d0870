import { startTestServer } from '@dcesop/embedded-db/testing'
import mongoose from 'mongoose'
import { signedIn, startTestHost, type TestClient, type TestHost } from '../composition/testing/test-host.ts'
import { Preferences } from './preferences.ts'

let host: TestHost
let client: TestClient
let third: TestClient
beforeAll(async () => {
  host = await startTestHost()
  client = await signedIn(host, 'agent.br')
  third = await signedIn(host, 'agent3.br')
})
afterAll(() => host.stop())

const path = '/api/me/preferences/dashboard.layout'
let cases = 0

describe('preferences', () => {
  it('are kept for the person, whatever JSON they are', async () => {
    expect((await client.send('GET', path)).status).toBe(204)
    const value = { widgets: [{ id: 'a', $weird: { 'dotted.name': [1, null, 'ñ'] } }] }
    const written = await client.send('PUT', path, { value })
    expect([written.status, written.headers.get('etag')]).toEqual([200, '"1"'])
    const read = await client.send('GET', path)
    expect([read.body, read.headers.get('etag')]).toEqual([{ value }, '"1"'])
    const other = await signedIn(host, 'agent2.br')
    expect((await other.send('GET', path)).status).toBe(204)
  })

  it('do not overwrite what another tab wrote', async () => {
    const key = '/api/me/preferences/theme'
    await client.send('PUT', key, { value: 'light' })
    expect((await client.send('PUT', key, { value: 'dark' }, { 'if-match': '"1"' })).headers.get('etag')).toBe('"2"')
    const late = await client.send('PUT', key, { value: 'contrast' }, { 'if-match': '"1"' })
    expect([late.status, late.body['code']]).toEqual([412, 'precondition_failed'])
    expect((await client.send('PUT', key, { value: 'contrast' }, { 'if-none-match': '*' })).status).toBe(412)
    expect((await client.send('PUT', key, { value: 'contrast' }, { 'if-match': 'W/"x"' })).status).toBe(412)
    expect((await client.send('GET', key)).body).toEqual({ value: 'dark' })
  })

  it.each([
    ['an empty place', { 'if-match': '*' }, 412],
    ['an empty place', { 'if-match': '"1"', 'if-none-match': '*' }, 412],
    ['an empty place', { 'if-none-match': '"1"' }, 200],
    ['revision 1', { 'if-match': '*' }, 200],
    ['revision 1', { 'if-match': '"7", "1-gzip"' }, 200],
    ['revision 1', { 'if-match': 'W/"1"' }, 412],
    ['revision 1', { 'if-match': '1' }, 412],
    ['revision 1', { 'if-none-match': '"1"' }, 412],
    ['revision 1', { 'if-none-match': 'W/"1"' }, 412],
    ['revision 1', { 'if-none-match': '"7"' }, 200],
  ])('are written over %s with %j as RFC 9110 (13.1) says', async (present, condition, status) => {
    const key = `/api/me/preferences/case-${(cases += 1)}`
    if (present === 'revision 1') await third.send('PUT', key, { value: 'old' })
    expect((await third.send('PUT', key, { value: 'new' }, condition as Record<string, string>)).status).toBe(status)
    const kept = (await third.send('GET', key)).body as { value?: string }
    expect(kept.value).toBe(status === 200 ? 'new' : present === 'revision 1' ? 'old' : undefined)
  })

  it('let one of two writers win', async () => {
    const key = '/api/me/preferences/density'
    const replies = await Promise.all(
      ['a', 'b', 'c', 'd'].map((value) => client.send('PUT', key, { value }, { 'if-none-match': '*' })),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
  })

  it('take many writers at once in a few steps each: one that tries again until it is first would keep all others busy', async () => {
    const server = await startTestServer()
    const connection = await mongoose
      .createConnection(server.uri, { dbName: `${server.prefix}core`, monitorCommands: true })
      .asPromise()
    const preferences = new Preferences(connection, { now: () => new Date() })
    let commands = 0
    connection.getClient().on('commandStarted', () => (commands += 1))
    const writers = Array.from({ length: 60 }, (_, n) => preferences.write('me', 'theme', n))
    const revisions = (await Promise.all(writers)).map(({ revision }) => revision)
    await connection.close()
    await server.stop()
    expect(revisions.toSorted((a, b) => a - b)).toEqual(writers.map((_, n) => n + 1))
    expect(commands).toBeLessThan(writers.length * 5)
  })

  it('are at most 50, also when they are kept at once', async () => {
    const keys = Array.from({ length: 80 }, (_, n) => `/api/me/preferences/at-once.${n}`)
    const manager = await signedIn(host, 'manager.br')
    const replies = await Promise.all(keys.map((key) => manager.send('PUT', key, { value: 1 })))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 409]))
    const kept = await Promise.all(keys.map((key) => manager.send('GET', key)))
    const found = kept.filter(({ status }) => status === 200).length
    expect(found).toBeLessThanOrEqual(50)
    // Nobody was told that something is kept which is not.
    expect(found).toBe(replies.filter(({ status }) => status === 200).length)
  })

  it('refuse what is too large, unknown or not a key', async () => {
    expect((await client.send('PUT', path, { value: 'x'.repeat(65_536) })).body['code']).toBe('payload_too_large')
    expect((await client.send('PUT', path, { value: 1, owner: 'a' })).body['code']).toBe('invalid_request')
    expect((await client.send('PUT', path, {})).body['code']).toBe('invalid_request')
    for (const key of ['A', '$gt', '..%2fa', 'x'.repeat(65)])
      expect((await client.send('GET', `/api/me/preferences/${key}`)).status).toBe(400)
  })
})
