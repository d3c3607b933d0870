import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness

beforeAll(async () => {
  data = await startData()
  harness = await Harness.start(data.data)
}, 60_000)

afterAll(async () => {
  await harness.stop()
  await data.stop()
})

const at = (path: string) => `/api/plugins/demo${path}`

describe('x', () => {
  it('answers', async () => {
    const t = Date.now()
    const r = await harness.install(
      await packFixture({
        routes: [route('GET', '/')],
        manifest: { backend: { isolation: 'process' } as never },
        start: `context.route({ method: 'GET', path: '/', summary: 'x', handler: (r) => ({ pid: process.pid, identity: r.identity.subject }) })`,
      }),
    )
    console.log(Date.now() - t, r.text, harness.log.lines)
    console.log(await harness.call('GET', at('')))
    expect(r.status).toBe(200)
  })
})
