import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach()

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['billing'],
  properties: {
    billing: {
      type: 'object',
      additionalProperties: false,
      required: ['place', 'currency'],
      properties: { place: { type: 'string' }, currency: { type: 'string' } },
    },
    limit: { type: 'integer', default: 7 },
  },
}

const pack = () =>
  packFixture({
    manifest: { config: { schema, scopes: ['global', 'region'] } },
    routes: [route('GET', '/config/{region}')],
    start: `context.route({ method: 'GET', path: '/config/{region}', summary: 'x', handler: ({ params }) => ({ all: context.config, there: context.configOf(params.region) }) })`,
  })

const [br, mx] = [
  { billing: { place: 'São Paulo', currency: 'USD' } },
  { billing: { place: 'Ciudad de México', currency: 'USD' } },
]
const configure = (body: object, as: string) => host.harness.change('configure', 'demo', body, as)
const seen = async (region: string) =>
  (await host.harness.call('GET', `/api/plugins/demo/config/${region}`, { as: `agent@${region}` })).json

describe('a setting that is required and set for everywhere by nobody', () => {
  it('is each region’s own: a version serves those that have it, and no other', async () => {
    await host.harness.upload(await pack())
    const first = { version: '1.0.0', region: 'br', config: br }
    expect(await host.harness.change('install', 'demo', first, 'regional@br')).toMatchObject({ status: 200 })
    expect(await host.harness.change('enable', 'demo', { region: 'mx' }, 'regional@mx')).toMatchObject({ status: 422 })
    expect(await configure({ region: 'mx', value: mx, revision: 1 }, 'regional@mx')).toMatchObject({ status: 200 })
    expect(await host.harness.change('enable', 'demo', { region: 'mx' }, 'regional@mx')).toMatchObject({ status: 200 })
    const common = { billing: { currency: 'USD' }, limit: 7 }
    expect(await seen('br')).toEqual({ all: common, there: { ...br, limit: 7 } })
    expect(await seen('mx')).toEqual({ all: common, there: { ...mx, limit: 7 } })
    // Nor may either of them lose it while it serves there.
    const taken = await configure({ region: 'mx', value: {}, revision: 2 }, 'regional@mx')
    expect(taken).toMatchObject({ status: 422, json: { code: 'plugin_config_invalid', region: 'mx' } })
    expect(await seen('mx')).toMatchObject({ there: mx })
    await host.boot()
    expect(await seen('mx')).toEqual({ all: common, there: { ...mx, limit: 7 } })
  }, 60_000)
})
