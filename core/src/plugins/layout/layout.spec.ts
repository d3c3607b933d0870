import type { UiFeed } from '@dcesop/sdk-plugin/contracts'
import { packFixture } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

const point = 'customer360.panel/v1'
const panel = (id: string, order: number) => ({
  id,
  point,
  expose: id,
  titleKey: 'demo.title',
  permission: 'demo:use',
  order,
})

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness

beforeAll(async () => {
  data = await startData()
  harness = await Harness.start(data.data)
  await harness.install(
    await packFixture({
      manifest: { ui: { extensions: [panel('first', 1), panel('second', 2), panel('third', 3)] } },
      files: { 'dist/ui/remoteEntry.js': '/* */' },
    }),
  )
})

afterAll(async () => {
  await harness?.stop()
  await data?.stop()
})

/** The panels as the person's shell shows them. */
async function shown(as: string): Promise<string[]> {
  const { json } = await harness.call('GET', '/api/ui/feed', { as })
  const { plugins } = JSON.parse(json['payload'] as string) as UiFeed
  const extensions = plugins.flatMap((plugin) => plugin.extensions)
  return extensions.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0)).map(({ id }) => id)
}
const put = (region: string, revision: number, points: object, as = 'admin') =>
  harness.call('PUT', `/api/admin/ui/layouts/${region}`, { as, body: { revision, points } })

describe('the layout of a region', () => {
  it('orders and hides extensions for the people of that region only, and is announced and audited', async () => {
    const announced = harness.hub.broadcasts.length
    const layout = { [point]: { order: ['demo/third', 'demo/first'], hidden: ['demo/second'] } }
    expect(await put('br', 0, layout)).toMatchObject({ status: 200, json: { revision: 1, points: layout } })
    expect(await shown('agent@br')).toEqual(['third', 'first'])
    expect(await shown('agent@mx')).toEqual(['first', 'second', 'third'])
    expect(harness.hub.broadcasts.length).toBeGreaterThan(announced)
    expect(harness.audit.records.at(-1)).toMatchObject({ action: 'ui.layout.put', resource: 'br', outcome: 'allowed' })
    const { json } = await harness.call('GET', '/api/admin/ui/layouts/br', { as: 'admin' })
    expect(json).toEqual({ region: 'br', revision: 1, points: layout })
  })

  it('puts what it does not name after what it names', async () => {
    expect((await put('mx', 0, { [point]: { order: ['demo/second'], hidden: [] } })).status).toBe(200)
    expect(await shown('agent@mx')).toEqual(['second', 'first', 'third'])
  })

  it('puts an extension where its author did not mean it, for the people of that region only, until it is taken away', async () => {
    const other = 'customer360.banner/v1'
    const points = async (as: string) => {
      const { json } = await harness.call('GET', '/api/ui/feed', { as })
      const { plugins } = JSON.parse(json['payload'] as string) as UiFeed
      return plugins.flatMap(({ extensions }) => extensions).filter(({ id }) => id === 'first')
    }
    const layout = { [other]: { order: [], hidden: [], added: ['demo/first', 'demo/nobody'] } }
    expect(await put('co', 0, layout)).toMatchObject({ status: 200, json: { points: layout } })
    expect((await points('agent@co')).map(({ point: where }) => where)).toEqual([point, other])
    expect(await points('agent@mx')).toHaveLength(1)
    expect((await harness.call('GET', '/api/admin/ui/layouts/co', { as: 'admin' })).json).toMatchObject({
      points: layout,
    })
    expect((await put('co', 1, {})).status).toBe(200)
    expect(await points('agent@co')).toHaveLength(1)
  })

  it('is not changed by two people at once, nor by who may not', async () => {
    expect(await put('br', 0, {})).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect(await put('br', 5, {})).toMatchObject({ status: 409, json: { code: 'conflict' } })
    expect((await put('br', 1, {}, 'agent')).status).toBe(403)
    expect((await put('br', 1, {}, 'regional@mx')).status).toBe(403)
    expect((await put('br', 1, {}, 'regional@br')).status).toBe(200)
    const other = { as: 'regional@mx' }
    expect((await harness.call('GET', '/api/admin/ui/layouts/br', other)).status).toBe(403)
    expect(await shown('agent@br')).toEqual(['first', 'second', 'third'])
  })

  it.each([
    [{ 'no point': { order: [], hidden: [] } }],
    [{ [point]: { order: ['nobody'], hidden: [] } }],
    [{ [point]: { order: [{ $gt: '' }], hidden: [] } }],
    [{ [point]: { order: [] } }],
    [{ [point]: { order: [], hidden: [], added: ['nobody'] } }],
  ])('refuses %j', async (points) => {
    expect(await put('br', 2, points)).toMatchObject({ status: 400, json: { code: 'invalid_request' } })
  })
})
