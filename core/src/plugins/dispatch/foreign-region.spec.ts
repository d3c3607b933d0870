import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

const source = `
const region = { type: 'string' }
const known = (named, identity) => { if (named !== undefined && !identity.regions.includes(named)) throw sdk.notFound(); return { region: named } }
const query = { type: 'object', additionalProperties: false, properties: { region } }
const body = { type: 'object', additionalProperties: false, required: ['region'], properties: { region } }
context.route({ method: 'GET', path: '/list', summary: 'x', query, handler: ({ query, identity }) => known(query.region, identity) })
context.route({ method: 'POST', path: '/put', summary: 'x', body, handler: ({ payload, identity }) => known(payload.region, identity) })
context.route({ method: 'GET', path: '/no-data', summary: 'x', query, handler: ({ query }) => ({ of: query.region }) })
`
const at = (path: string) => `/api/plugins/demo${path}`

describe.each(['inline', 'process'] as const)('a region of others, named to a plugin %s', (isolation) => {
  let data: Awaited<ReturnType<typeof startData>>
  let harness: Harness
  beforeAll(async () => {
    data = await startData()
    harness = await Harness.start(data.data, { isolation: { default: isolation, byPlugin: {} } })
    const routes = [route('GET', '/list'), route('POST', '/put'), route('GET', '/no-data')]
    const installed = await harness.install(await packFixture({ routes, start: source }))
    if (installed.status !== 200) throw new Error(installed.text)
  })
  afterAll(async () => {
    await harness?.stop()
    await data?.stop()
  })
  const denials = () => harness.audit.records.filter(({ action }) => action === 'access.denied')

  it.each([
    ['in the query', 'GET', '/list', '/list?region=co', undefined],
    ['in the body', 'POST', '/put', '/put', { region: 'co' }],
  ])('%s is on record, with who asked for it', async (_where, method, route, path, body) => {
    const before = denials().length
    const answer = await harness.call(method, at(path), body === undefined ? {} : { body })
    expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } })
    expect(denials().length).toBe(before + 1)
    expect(denials().at(-1)).toMatchObject({
      outcome: 'denied',
      reason: 'region',
      region: 'co',
      plugin: 'demo',
      resource: `${method} ${at(route)}`,
      actor: { subject: 'agent', sessionId: 's-agent' },
      address: '127.0.0.1',
      traceId: answer.headers['x-trace-id'],
    })
  })

  it('is on record only where the plugin refused it, and only when it may be one', async () => {
    const before = denials().length
    expect((await harness.call('GET', at('/list?region=br'))).status).toBe(200)
    expect((await harness.call('GET', at('/no-data?region=co'))).status).toBe(200)
    expect((await harness.call('GET', at('/list?region=%3Cmade%20up%3E'))).status).toBe(404)
    expect(denials().length).toBe(before)
  })
})
