import { definePlugin, type JsonSchema } from '../backend/index.ts'
import { createTestHost } from './test-host.ts'
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
    routes: [{ method: 'POST', path: '/things', permission: 'demo:edit' }],
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
        await request.audit({ action: 'thing.make', resource: request.payload.name })
        await context.events.publish({
          topic: 'demo.thing-made/v1',
          region: 'br',
          key: request.payload.name,
          payload: {},
        })
        return h.response({ made: request.payload.name, at: context.clock.now() }).code(201)
      },
    })
  },
})

describe('createTestHost', () => {
  it('runs a route with permission, input check, audit and events as the host does', async () => {
    const host = await createTestHost({ manifest, plugin })
    const editor = testIdentity(['demo:edit'])
    const made = await host.request(editor, 'POST', '/things', { body: { name: 'one' } })
    expect(made).toMatchObject({ status: 201, body: { made: 'one', at: '2026-01-15T12:00:00.000Z' } })
    expect(host.audits).toEqual([{ action: 'thing.make', resource: 'one' }])
    expect(host.published).toMatchObject([{ topic: 'demo.thing-made/v1', key: 'one' }])
    const refusals = [
      await host.request(undefined, 'POST', '/things', { body: { name: 'two' } }),
      await host.request(testIdentity([]), 'POST', '/things', { body: { name: 'two' } }),
      await host.request(editor, 'POST', '/things', { body: { name: { $gt: '' } } }),
      await host.request(editor, 'POST', '/things', { body: { name: 'two', extra: 1 } }),
    ]
    expect(refusals.map((answer) => answer.status)).toEqual([401, 403, 400, 400])
    await host.dispose()
  })

  it('refuses a plugin that does not do what its manifest declares', async () => {
    const silent = definePlugin({ start() {} })
    await expect(createTestHost({ manifest, plugin: silent })).rejects.toThrow(
      'Declared but not registered: POST /things',
    )
    await expect(createTestHost({ manifest: minimalManifest(), plugin })).rejects.toThrow(
      'not declared in the manifest',
    )
  })
})
