import { definePlugin, type PluginContext } from '../backend/index.ts'
import { createTestHost } from './test-host.ts'
import { testIdentity } from './identity.ts'
import { minimalManifest } from './manifest.ts'

const manifest = minimalManifest({
  backend: {
    entry: 'dist/server.cjs',
    isolation: 'inline',
    routes: [],
    jobs: [{ name: 'tidy', everyMs: 1000 }],
    events: { subscribes: ['other.happened/v1'] },
  },
  realtime: [{ topic: 'demo.live', permission: 'demo:see' }],
  provides: { 'demo.names': '1.0.0' },
  consumes: [{ capability: 'other.names', range: '^1.0.0', degrade: 'fail' }],
  config: {
    schema: { type: 'object', additionalProperties: false, properties: { limit: { type: 'integer', default: 7 } } },
  },
})

interface Names {
  nameOf(id: string): Promise<string>
}

/** The host, and the context that the plugin got. */
async function start(use: (context: PluginContext<{ limit: number }>) => void = () => {}) {
  const got: PluginContext<{ limit: number }>[] = []
  const plugin = definePlugin<{ limit: number }>({
    start(context) {
      got.push(context)
      use(context)
    },
  })
  const host = await createTestHost({ manifest, plugin })
  return { host, context: got[0] as PluginContext<{ limit: number }> }
}

it('delivers events as often as the test says, and lets a failure be seen', async () => {
  const seen: string[] = []
  const { host } = await start(({ events }) =>
    events.subscribe('other.happened/v1', async ({ id, at }) => {
      if (id === 'bad') throw new Error('not today')
      seen.push(`${id} ${at}`)
    }),
  )
  const event = { id: 'e1', topic: 'other.happened/v1', region: 'br', key: 'k', payload: {} }
  await host.deliver(event)
  await host.deliver(event)
  expect(seen).toEqual(['e1 2026-01-15T12:00:00.000Z', 'e1 2026-01-15T12:00:00.000Z'])
  await expect(host.deliver({ ...event, id: 'bad' })).rejects.toThrow('not today')
  await expect(host.deliver({ ...event, topic: 'other.unheard/v1' })).rejects.toThrow('does not subscribe')
  await host.dispose()
})

it('lets those listen whom permission, region and the plugin let', async () => {
  const { host, context } = await start(({ realtime }) =>
    realtime.authorize('demo.live', async (_identity, _region, key) => key !== 'hidden'),
  )
  const viewer = testIdentity(['demo:see'])
  const refused = { status: 404, code: 'not_found' }
  await expect(host.listen(testIdentity([]), 'demo.live', 'br', 'k')).rejects.toMatchObject(refused)
  await expect(host.listen(viewer, 'demo.live', 'mx', 'k')).rejects.toMatchObject(refused)
  await expect(host.listen(viewer, 'demo.live', 'br', 'hidden')).rejects.toMatchObject(refused)
  await expect(host.listen(viewer, 'demo.other', 'br', 'k')).rejects.toMatchObject(refused)
  const first = await host.listen(viewer, 'demo.live', 'br', 'k')
  const second = await host.listen(viewer, 'demo.live', 'br', 'k')
  expect(context.realtime.subscribers('demo.live', 'br', 'k')).toBe(2)
  expect(context.realtime.subscribedKeys('demo.live', 'br')).toEqual(['k'])
  await first.dispose()
  await second.dispose()
  expect(context.realtime.subscribedKeys('demo.live', 'br')).toEqual([])
  await host.dispose()
})

it('runs jobs when told', async () => {
  const runs: boolean[] = []
  const { host } = await start(({ jobs }) => jobs.every('tidy', 1000, async ({ aborted }) => void runs.push(aborted)))
  await host.runJob('tidy')
  await host.runJob('tidy', AbortSignal.abort())
  expect(runs).toEqual([false, true])
  await expect(host.runJob('other')).rejects.toThrow('there are: tidy')
  await host.dispose()
})

it('gives what the plugin provides, and lets providers come and go', async () => {
  const { host, context } = await start(({ capabilities }) =>
    capabilities.provide<Names>('demo.names', { nameOf: async (id) => `demo ${id}` }),
  )
  expect(await host.capability<Names>('demo.names').nameOf('1')).toBe('demo 1')
  const names = context.capabilities.consume<Names>('other.names')
  expect(names.available).toBe(false)
  await expect(names.nameOf('1')).rejects.toMatchObject({ status: 503, code: 'capability_unavailable' })
  host.give('other.names', { nameOf: async (id: string) => `other ${id}` })
  expect(names.available).toBe(true)
  expect(await names.nameOf('1')).toBe('other 1')
  host.give('other.names', undefined)
  await expect(names.nameOf('1')).rejects.toMatchObject({ code: 'capability_unavailable' })
  await host.dispose()
})

it('gives the secrets that the test gave, as far as they are declared', async () => {
  const requests = ['key', 'more'].map((resource) => ({ cap: 'secrets:use' as const, resource, reasonKey: 'demo.why' }))
  const asking = minimalManifest({ permissions: { requests } })
  const contexts: PluginContext[] = []
  const plugin = definePlugin({ start: (context) => void contexts.push(context) })
  const host = await createTestHost({ manifest: asking, plugin, secrets: { key: 'value', other: 'not theirs' } })
  const { secrets } = contexts[0] as PluginContext
  expect(await secrets.use('key')).toBe('value')
  await expect(secrets.use('more')).rejects.toMatchObject({ status: 503, code: 'secret_unavailable' })
  await expect(secrets.use('other')).rejects.toThrow('Declare it there as secrets:use')
  await host.dispose()
})

it('fills the configuration with its defaults, frozen', async () => {
  const { host, context } = await start()
  expect(context.config).toEqual({ limit: 7 })
  expect(Object.isFrozen(context.config)).toBe(true)
  await host.dispose()
})

it('gives what a region has otherwise, where the manifest lets regions differ', async () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    properties: { limit: { type: 'integer', default: 7 }, note: { type: 'string' } },
  }
  const manifest = minimalManifest({ config: { schema, scopes: ['global', 'region'] } })
  const contexts: PluginContext[] = []
  const plugin = definePlugin({ start: (context) => void contexts.push(context) })
  const given = { plugin, config: { note: 'all' }, regionConfig: { mx: { limit: 9 } } }
  const host = await createTestHost({ manifest, ...given })
  const { config, configOf } = contexts[0] as PluginContext
  expect([config, configOf('br'), configOf('mx')]).toEqual([
    { limit: 7, note: 'all' },
    { limit: 7, note: 'all' },
    { limit: 9, note: 'all' },
  ])
  expect(() => configOf('xx')).toThrow(expect.objectContaining({ status: 404 }) as Error)
  await host.dispose()
  const global = minimalManifest({ config: { schema, scopes: ['global'] } })
  await expect(createTestHost({ manifest: global, ...given })).rejects.toThrow('may not differ by region')
})

it.each<[string, (context: PluginContext<{ limit: number }>) => unknown]>([
  ['backend.jobs', ({ jobs }) => jobs.every('other', 1, async () => {})],
  ['backend.events.subscribes', ({ events }) => events.subscribe('demo.other/v1', async () => {})],
  ['realtime', ({ realtime }) => realtime.publish('demo.other', { region: 'br', key: 'k', payload: {} })],
  ['provides', ({ capabilities }) => capabilities.provide('demo.other', {})],
  ['consumes', ({ capabilities }) => capabilities.consume('demo.other')],
])('refuses what is not in %s of the manifest', async (where, use) => {
  await expect(start(use)).rejects.toThrow(`is not in ${where} of its manifest`)
})
