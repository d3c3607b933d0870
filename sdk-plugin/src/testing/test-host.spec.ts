import path from 'node:path'
import { packagesLoadedBy } from '../../testing/loaded-packages.ts'
import { definePlugin, type Identity, type JsonSchema, Problem } from '../backend/index.ts'
import type { TestRequest } from './client.ts'
import { createTestHost, type TestHost } from './test-host.ts'
import { testIdentity } from './identity.ts'
import { minimalManifest } from './manifest.ts'

const body: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name: { type: 'string' } },
}

const manifest = minimalManifest({
  backend: {
    entry: 'dist/server.cjs',
    isolation: 'inline',
    routes: [{ method: 'POST', path: '/things', permission: 'demo:edit', maxBytes: 200, timeoutMs: 200 }],
    events: { publishes: ['demo.thing-made/v1'] },
  },
})

const plugin = definePlugin({
  start(context) {
    context.route<{ Payload: { name: string } }>({
      method: 'POST',
      path: '/things',
      summary: 'Makes a thing',
      body,
      async handler(request, h) {
        const { name } = request.payload
        if (name === 'teapot') throw new Problem(418, 'no_coffee', 'There is no coffee.')
        if (name === 'broken') throw new Error('the secret')
        if (name === 'slow') await new Promise((_resolve, reject) => (request.signal.onabort = reject))
        await request.audit({ action: 'thing.make', resource: name })
        await context.events.publish({
          topic: 'demo.thing-made/v1',
          region: 'br',
          key: name,
          payload: {},
        })
        return h.response({ made: name, at: context.clock.now() }).code(201)
      },
    })
  },
})

const editor = testIdentity(['demo:edit'])

describe('createTestHost', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await createTestHost({ manifest, plugin })
  })
  afterEach(() => host.dispose())

  it('runs a route with audit, events and the test’s time', async () => {
    const made = await host.request(editor, 'POST', '/things', { body: { name: 'one' } })
    expect(made).toMatchObject({ status: 201, body: { made: 'one', at: '2026-01-15T12:00:00.000Z' } })
    expect(made.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(host.audits).toEqual([{ action: 'thing.make', resource: 'one' }])
    expect(host.published).toMatchObject([{ topic: 'demo.thing-made/v1', key: 'one' }])
  })

  it.each<[string, Identity | undefined, string, string, TestRequest, number, string]>([
    ['nobody', undefined, 'POST', '/things', { body: { name: 'x' } }, 401, 'not_signed_in'],
    ['nobody, elsewhere', undefined, 'GET', '/nothing', {}, 401, 'not_signed_in'],
    ['no permission', testIdentity([]), 'POST', '/things', { body: { name: 'x' } }, 403, 'forbidden'],
    ['an operator', editor, 'POST', '/things', { body: { name: { $gt: '' } } }, 400, 'invalid_request'],
    ['an unknown member', editor, 'POST', '/things', { body: { name: 'x', extra: 1 } }, 400, 'invalid_request'],
    ['an unknown query', editor, 'POST', '/things?x=1', { body: { name: 'x' } }, 400, 'invalid_request'],
    ['no body', editor, 'POST', '/things', {}, 400, 'malformed_json'],
    ['another media type', editor, 'POST', '/things', { body: 'name=x' }, 415, 'unsupported_media_type'],
    ['too much', editor, 'POST', '/things', { body: { name: 'x'.repeat(300) } }, 413, 'payload_too_large'],
    ['another method', editor, 'DELETE', '/things', {}, 405, 'method_not_allowed'],
    ['another path', editor, 'GET', '/nothing', {}, 404, 'not_found'],
    ['what the plugin says', editor, 'POST', '/things', { body: { name: 'teapot' } }, 418, 'no_coffee'],
  ])('answers %s as the host does', async (_name, identity, method, url, sent, status, code) => {
    const answer = await host.request(identity, method, url, sent)
    expect(answer).toMatchObject({ status, body: { status, code, type: `urn:dcesop:error:${code}` } })
    expect(answer.headers['content-type']).toMatch('application/problem+json')
    expect(answer.body.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(host.audits).toEqual([])
  })

  it('tells the test, and not the client, why an answer is 500', async () => {
    const answer = await host.request(editor, 'POST', '/things', { body: { name: 'broken' } })
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    expect(JSON.stringify(answer.body)).not.toContain('the secret')
    expect(host.failures).toEqual([expect.objectContaining({ message: 'the secret' })])
  })

  it('lets nobody into a region of others that the path names, as the host', async () => {
    const path = '/things/{region}'
    const regional = minimalManifest({
      backend: {
        entry: 'dist/server.cjs',
        isolation: 'inline',
        routes: [{ method: 'GET', path, permission: 'demo:edit', timeoutMs: 200 }],
      },
    })
    const things = definePlugin({
      start: ({ route }) => route({ method: 'GET', path, summary: 'Things', handler: () => ({ things: [] }) }),
    })
    const other = await createTestHost({ manifest: regional, plugin: things })
    expect((await other.request(editor, 'GET', '/things/br')).status).toBe(200)
    expect(await other.request(editor, 'GET', '/things/mx')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    await other.dispose()
  })

  it('ends a route at its time limit', async () => {
    const answer = await host.request(editor, 'POST', '/things', { body: { name: 'slow' } })
    expect(answer).toMatchObject({ status: 504, body: { code: 'time_limit' } })
  })

  it('says what is missing when a plugin uses data without a database', () => {
    expect(() => host.data.region('br')).toThrow('option `database`')
  })
})

it('loads no driver for a plugin without a database: half of what a test host takes to load', async () => {
  const loaded = await packagesLoadedBy(`
    const { createTestHost, minimalManifest } = await import(${JSON.stringify(path.join(import.meta.dirname, 'index.ts'))})
    const host = await createTestHost({ manifest: minimalManifest(), plugin: { start() {} } })
    await host.dispose()`)
  expect([...loaded]).toContain('ajv')
  expect([...loaded]).not.toContain('mongoose')
  expect([...loaded]).not.toContain('mongodb')
})

describe('a plugin that does not do what its manifest declares', () => {
  const silent = definePlugin({ start() {} })

  it('does not start', async () => {
    await expect(createTestHost({ manifest, plugin: silent })).rejects.toThrow(
      /manifest\. Declared but not registered: POST \/things\.$/,
    )
    await expect(createTestHost({ manifest: minimalManifest(), plugin })).rejects.toThrow(
      'Registered but not declared: POST /things',
    )
    await expect(createTestHost({ manifest: { id: 'demo' }, plugin: silent })).rejects.toThrow('manifestVersion')
    await expect(createTestHost({ manifest: minimalManifest(), plugin: silent, config: { a: 1 } })).rejects.toThrow(
      '"a" is not known',
    )
  })

  it('leaves nothing behind', async () => {
    const disposed: string[] = []
    const failing = definePlugin({
      start(context) {
        context.onStop({ dispose: () => void disposed.push('done') })
        throw new Error('no start today')
      },
    })
    await expect(createTestHost({ manifest, plugin: failing })).rejects.toThrow('no start today')
    expect(disposed).toEqual(['done'])
  })
})
