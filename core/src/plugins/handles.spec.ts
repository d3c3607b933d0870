import { packFixture, route } from './testing/fixture-plugin.ts'
import { Harness, startData } from './testing/harness.ts'

describe.each(['inline', 'process'] as const)('what a plugin of tier "%s" is given', (tier) => {
  let data: Awaited<ReturnType<typeof startData>>
  let harness: Harness

  beforeAll(async () => {
    // A shorter heartbeat, so that one passes while a case waits.
    data = await startData({ heartbeatFrequencyMS: 500 })
    harness = await Harness.start(data.data, {
      isolation: { default: tier, byPlugin: {} },
      pluginConfig: { configured: { mode: 'b' }, other: { mode: 'c', more: 1 } },
    })
  })

  afterEach(async () => {
    for (const { id } of harness.host.status())
      expect((await harness.change('uninstall', id, { dropData: true, confirm: id })).status).toBe(200)
  })

  afterAll(async () => {
    await harness?.stop()
    await data?.stop()
  })

  /** Until the driver has heard from the database that often. */
  function heartbeats(count: number): Promise<void> {
    const client = data.data.core.getClient()
    let left = count
    return new Promise((resolve) => {
      const hear = () => {
        left -= 1
        if (left > 0) return
        client.off('serverHeartbeatSucceeded', hear)
        resolve()
      }
      client.on('serverHeartbeatSucceeded', hear)
    })
  }

  it('keeps models in its own collections of each region, with their indexes made before it serves', async () => {
    const start = `
    const { Schema } = require('mongoose')
    const schema = new Schema({ _id: String, name: { type: String, index: true } })
    const of = (region) => context.data.region(region).model('demo_things', schema)
    for (const region of context.data.regions) of(region)
    context.route({ method: 'POST', path: '/{region}/{id}', summary: 'x', handler: async ({ params }) => {
      await of(params.region).create({ _id: params.id, name: 'n' + params.id }); return null } })
    context.route({ method: 'GET', path: '/{region}', summary: 'x', handler: async ({ params }) => ({ ids: (await of(params.region).find().lean()).map((one) => one._id) }) })`
    const routes = [route('POST', '/{region}/{id}'), route('GET', '/{region}')]
    const manifest = { data: { collections: ['demo_*'], schemaVersion: 1 } }
    expect(await harness.install(await packFixture({ routes, manifest, start }))).toMatchObject({ status: 200 })
    expect((await harness.call('POST', '/api/plugins/demo/br/1')).status).toBe(204)
    expect((await harness.call('GET', '/api/plugins/demo/br')).json).toEqual({ ids: ['1'] })
    expect((await harness.call('GET', '/api/plugins/demo/mx')).json).toEqual({ ids: [] })
    expect((await harness.call('GET', '/api/plugins/demo/xx')).status).toBe(404)
    const indexes = await data.data.region('br').collection('demo_things').indexes()
    expect(indexes.map(({ key }) => key)).toContainEqual({ name: 1 })
    // The next version defines the same model again beside the one that still serves.
    await harness.upload(await packFixture({ version: '1.1.0', routes, manifest, start }))
    expect((await harness.change('upgrade', 'demo')).status).toBe(200)
    expect((await harness.call('GET', '/api/plugins/demo/br')).json).toEqual({ ids: ['1'] })
  })

  it('keeps its database for longer than the driver waits for a heartbeat', async () => {
    const start = `context.route({ method: 'POST', path: '/', summary: 'x', handler: async () => {
    await context.data.region('br').transaction((session) => context.data.region('br').collection('demo_things').insertOne({}, { session }))
    return null } })`
    const manifest = { data: { collections: ['demo_things'], schemaVersion: 1 } }
    // Installed after the first heartbeats: what it is given must hear of the next ones.
    await heartbeats(2)
    await harness.install(await packFixture({ version: '2.0.0', routes: [route('POST', '/')], manifest, start }))
    await heartbeats(3)
    expect((await harness.call('POST', '/api/plugins/demo')).status).toBe(204)
  })

  it('rolls back a transaction together with its event', async () => {
    const start = `
    const things = () => context.data.region('br').collection('demo_things')
    context.route({ method: 'POST', path: '/', summary: 'x', handler: async ({ query }) => {
      await context.data.region('br').transaction(async (session) => {
        await things().insertOne({ _id: query.id }, { session })
        await context.events.publish({ topic: 'demo.made/v1', region: 'br', key: query.id, payload: {} }, { session })
        if (query.fail) throw new sdk.Problem(409, 'demo_undone', 'Undone.')
      })
      return null
    }, query: { type: 'object', additionalProperties: false, properties: { id: { type: 'string' }, fail: { type: 'boolean' } } } })`
    const backend = {
      entry: 'dist/server.cjs',
      isolation: 'inline' as const,
      routes: [route('POST', '/')],
      events: { publishes: ['demo.made/v1'] },
    }
    const tarball = await packFixture({
      version: '3.0.0',
      manifest: { backend, data: { collections: ['demo_things'], schemaVersion: 1 } },
      start,
    })
    await harness.install(tarball)
    expect((await harness.call('POST', '/api/plugins/demo?id=kept')).status).toBe(204)
    expect((await harness.call('POST', '/api/plugins/demo?id=undone&fail=true')).status).toBe(409)
    const region = data.data.region('br')
    expect((await region.collection('demo_things').find().toArray()).map(({ _id }) => String(_id))).toEqual(['kept'])
    expect((await region.collection('outbox').find().toArray()).map(({ key }) => String(key))).toEqual(['kept'])
  })

  it('gets its configuration validated, with defaults, frozen', async () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: { limit: { type: 'integer', default: 5 }, mode: { enum: ['a', 'b'] } },
    }
    const start = `context.route({ method: 'GET', path: '/', summary: 'x', handler: () => ({ config: context.config, frozen: Object.isFrozen(context.config) }) })`
    const fixture = { id: 'configured', routes: [route('GET', '/')], manifest: { config: { schema } }, start }
    await harness.install(await packFixture(fixture))
    expect((await harness.call('GET', '/api/plugins/configured')).json).toEqual({
      config: { mode: 'b', limit: 5 },
      frozen: true,
    })
    const refused = await harness.install(await packFixture({ ...fixture, id: 'other' }))
    expect(refused).toMatchObject({ status: 422, json: { code: 'plugin_config_invalid' } })
    expect(refused.json['detail']).toContain('"more" is not known')
  })

  it('keeps its realtime topics through an upgrade and gives them back when it is disabled', async () => {
    const tile = { permission: 'demo:use', replay: 10 }
    const declaring = (options: object) => ({ realtime: [{ topic: 'demo.tile', ...tile, ...options }] })
    const start = `context.realtime.publish('demo.tile', { region: 'br', key: 'k', payload: context.version })`
    await harness.install(await packFixture({ version: '4.0.0', manifest: declaring({}), start }))
    expect(harness.hub.declared.get('demo.tile')).toEqual(tile)
    // The messages are about people from here on.
    const record = { record: 'demo.follow' }
    await harness.upload(await packFixture({ version: '4.1.0', manifest: declaring(record), start }))
    await harness.change('upgrade', 'demo')
    expect(harness.hub.topics.get('demo.tile')).toBe(1)
    expect(harness.hub.declared.get('demo.tile')).toEqual({ ...tile, ...record })
    expect(harness.hub.published).toEqual(
      ['4.0.0', '4.1.0'].map((payload) => ({ topic: 'demo.tile', region: 'br', key: 'k', payload })),
    )
    await harness.change('disable', 'demo')
    expect(harness.hub.topics.get('demo.tile')).toBe(0)
  })

  it('does its background work only while it is the active version', async () => {
    const pack = (version: string) =>
      packFixture({
        version,
        manifest: {
          backend: {
            entry: 'dist/server.cjs',
            isolation: 'inline',
            routes: [],
            jobs: [{ name: 'beat', everyMs: 500 }],
          },
        },
        start: `context.jobs.every('beat', 5, async () => context.log.info({}, 'beat ' + context.version))`,
      })
    const beats = () => harness.log.lines.map(({ message }) => message).filter((message) => message.startsWith('beat'))
    const beatOf = async (version: string) => {
      while (!beats().includes(`beat ${version}`)) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await harness.install(await pack('5.0.0'))
    await beatOf('5.0.0')
    await harness.upload(await pack('5.1.0'))
    await harness.change('upgrade', 'demo')
    await beatOf('5.1.0')
    expect(beats().slice(beats().indexOf('beat 5.1.0'))).not.toContain('beat 5.0.0')
    await harness.change('disable', 'demo')
    const count = beats().length
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(beats()).toHaveLength(count)
  })

  it('answers a call of a capability without provider with 503', async () => {
    const start = `const gate = context.capabilities.consume('demo.gate')
    context.route({ method: 'GET', path: '/', summary: 'x', handler: async () => ({ available: gate.available, value: await gate.open() }) })`
    const manifest = { consumes: [{ capability: 'demo.gate', range: '^1', optional: true }] }
    await harness.install(await packFixture({ id: 'reader', routes: [route('GET', '/')], manifest, start }))
    expect(await harness.call('GET', '/api/plugins/reader')).toMatchObject({
      status: 503,
      json: { code: 'capability_unavailable' },
    })
    const { json } = await harness.call('GET', '/api/admin/plugins/reader', { as: 'admin' })
    expect(json['degradations']).toEqual([expect.objectContaining({ capability: 'demo.gate', degrade: 'hide' })])
  })
})

it('the database is told for whom each command of a plugin is, with the trace of its request', async () => {
  const data = await startData({ monitorCommands: true })
  const harness = await Harness.start(data.data)
  try {
    const start = `
    const { Schema } = require('mongoose')
    const schema = new Schema({ _id: String, n: Number })
    const model = () => context.data.region('br').model('demo_things', schema)
    const plain = () => context.data.region('br').collection('demo_things')
    context.route({ method: 'POST', path: '/', summary: 'x', handler: async () => {
      await model().create({ _id: 'a', n: 1 }); await model().updateOne({ _id: 'a' }, { n: 2 }); await model().find().lean()
      await model().aggregate([{ $match: {} }]); await model().countDocuments({}); await model().distinct('n')
      await plain().findOneAndUpdate({ _id: 'a' }, { $set: { n: 3 } }); await plain().bulkWrite([{ deleteOne: { filter: { _id: 'b' } } }])
      await plain().insertMany([{ _id: 'c' }]); await plain().deleteOne({ _id: 'a' }); await plain().findOne({}, { comment: 'my own' })
      return null } })`
    const manifest = { data: { collections: ['demo_things'], schemaVersion: 1 } }
    expect((await harness.install(await packFixture({ routes: [route('POST', '/')], manifest, start }))).status).toBe(
      200,
    )
    const comments: string[] = []
    const hear = ({ command }: { command: Record<string, unknown> }) => {
      if (Object.values(command)[0] === 'demo_things')
        comments.push(`${Object.keys(command)[0]} ${String(command['comment'])}`)
    }
    const client = data.data.core.getClient()
    client.on('commandStarted', hear)
    const { status, headers } = await harness.call('POST', '/api/plugins/demo')
    client.off('commandStarted', hear)
    expect(status).toBe(204)
    const whose = `demo@1.0.0 ${String(headers['x-trace-id'])}`
    expect(comments).toEqual([
      ...[
        'insert',
        'update',
        'find',
        'aggregate',
        'aggregate',
        'distinct',
        'findAndModify',
        'delete',
        'insert',
        'delete',
      ].map((name) => `${name} ${whose}`),
      'find my own',
    ])
  } finally {
    await harness.stop()
    await data.stop()
  }
})
