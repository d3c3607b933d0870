import { packFixture, route } from './testing/fixture-plugin.ts'
import { hostForEach } from './testing/host-for-each.ts'

const one = hostForEach()

const hold = globalThis as { holdStart?: Promise<void> }
afterEach(() => delete hold.holdStart)

describe('a host that serves', () => {
  it('stays ready while a plugin is installed: a proxy would take it out, and with it every other that installs it', async () => {
    const { harness } = one
    const tarball = await packFixture({
      routes: [route('GET', '/x')],
      start: `context.route({ method: 'GET', path: '/x', summary: 'x', handler: () => 'x' })\nawait globalThis.holdStart`,
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    hold.holdStart = promise
    const installed = harness.install(tarball)
    await harness.until(async () => harness.host.status()[0]?.state === 'STARTING')
    expect((await harness.host.readiness.check()).ready).toBe(true)
    resolve()
    expect((await installed).status).toBe(200)
  })
})
