import type { UiFeed } from '@dcesop/sdk-plugin/contracts'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

let data: Awaited<ReturnType<typeof startData>>
let host: Harness

beforeEach(async () => {
  data = await startData()
  host = await Harness.start(data.data)
  await host.install(await pack('1.0.0'))
  await host.upload(await pack('1.1.0'))
})

afterEach(async () => {
  await host?.stop()
  await data?.stop()
})

const page = { id: 'home', path: '/demo', expose: 'home', titleKey: 'demo.title', permission: 'demo:use' }
const pack = (version: string) =>
  packFixture({
    version,
    manifest: { ui: { pages: [page] } },
    files: { 'dist/ui/remoteEntry.js': `/* ${version} */` },
    routes: [route('GET', '/version')],
    start:
      "context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })",
  })
const served = async (as: string) => {
  const { status, json } = await host.call('GET', '/api/plugins/demo/version', { as })
  return status === 200 ? json['version'] : status
}
async function kill(version: string): Promise<void> {
  const body = { plugin: 'demo', version, reason: 'a spec' }
  host.stepUp.grant('kill-switch.propose', body)
  const id = (await host.call('POST', '/api/admin/kill-switch', { as: 'admin', body })).json['id'] as string
  host.stepUp.grant('kill-switch.confirm', { id })
  const { status, text } = await host.call('POST', `/api/admin/kill-switch/${id}/confirm`, {
    as: 'admin-2',
    headers: { 'if-match': '"proposed"' },
  })
  if (status !== 200) throw new Error(text)
}
const states = async () => {
  const { json } = await host.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  return (json['transitions'] as { version: string; to: string }[]).map(({ version, to }) => `${version} ${to}`)
}

async function shownPlugin() {
  const { json } = await host.call('GET', '/api/ui/feed')
  return (JSON.parse(json['payload'] as string) as UiFeed).plugins[0]
}

describe('a version that must not run', () => {
  it('goes from the screens that still show it, though another one serves by now', async () => {
    const before = await shownPlugin()
    expect((await host.change('upgrade', 'demo', { version: '1.1.0' })).status).toBe(200)
    expect((await shownPlugin())?.withdrawn).toBeUndefined()
    const told = () => host.hub.broadcasts.length
    const heard = told()
    await kill('1.0.0')
    expect(told()).toBeGreaterThan(heard)
    expect(await shownPlugin()).toMatchObject({ version: '1.1.0', withdrawn: [before?.baseUrl] })
  })

  it('ends as a canary, and everybody has the version before', async () => {
    const canary = { percent: 100, promote: 'manual' }
    expect((await host.change('upgrade', 'demo', { version: '1.1.0', canary })).status).toBe(200)
    expect(await served('agent')).toBe('1.1.0')
    await kill('1.1.0')
    expect(await served('agent')).toBe('1.0.0')
    expect(await host.view('demo')).toMatchObject({ version: '1.0.0', state: 'ACTIVE', canary: null })
  })

  it('stops in the region that has it, and the others go on', async () => {
    expect((await host.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' }, 'admin@mx')).status).toBe(200)
    expect([await served('agent@br'), await served('agent@mx')]).toEqual(['1.0.0', '1.1.0'])
    await kill('1.1.0')
    expect([await served('agent@br'), await served('agent@mx')]).toEqual(['1.0.0', 503])
    expect((await states())[0]).toBe('1.1.0 QUARANTINED')
  })

  it('stops where most have it, and a region with another version goes on', async () => {
    expect((await host.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' }, 'admin@mx')).status).toBe(200)
    await kill('1.0.0')
    expect([await served('agent@br'), await served('agent@mx')]).toEqual([503, '1.1.0'])
    expect(await host.view('demo')).toMatchObject({ version: '1.0.0', state: 'QUARANTINED' })
  })
})
