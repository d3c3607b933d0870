import { join } from 'node:path'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness } from '../testing/harness.ts'
import { dataForEach } from '../testing/host-for-each.ts'

const hosts: Harness[] = []
const given = dataForEach(async () => {
  for (const host of hosts.splice(0)) await host.stop()
})

/** @param refuses a version that does not start on this host */
async function boot(folder: string, refuses = 'none'): Promise<Harness> {
  const dataDir = join(given.dataDir, folder)
  const host = await Harness.start(given.data, { dataDir, firstInstall: [], pluginConfig: { demo: { refuses } } })
  hosts.push(host)
  return host
}

const schema = { type: 'object', additionalProperties: false, properties: { refuses: { type: 'string' } } }
const pack = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    manifest: { config: { schema } },
    start: `if (context.config.refuses === context.version) throw new Error('not on this host')
      context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })

async function served(host: Harness, as: string) {
  const { status, json } = await host.call('GET', '/api/plugins/demo/version', { as })
  return json['version'] ?? status
}

async function pair(refuses?: string): Promise<readonly [Harness, Harness]> {
  const one = await boot('one')
  await one.install(await pack('1.0.0'))
  await one.upload(await pack('1.1.0'))
  return [one, await boot('two', refuses)]
}

describe('a change of one region', () => {
  it('is made when every host serves it: its version, none, and what the rest has', async () => {
    const [one, two] = await pair()
    expect(await one.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })).toMatchObject({ status: 200 })
    expect([await served(two, 'agent@br'), await served(two, 'agent@mx')]).toEqual(['1.0.0', '1.1.0'])
    expect(await two.change('disable', 'demo', { region: 'mx' })).toMatchObject({ status: 200 })
    expect([await served(one, 'agent@br'), await served(one, 'agent@mx')]).toEqual(['1.0.0', 503])
    expect(await one.change('upgrade', 'demo', { version: '1.1.0', region: 'br' })).toMatchObject({ status: 200 })
    expect([await served(two, 'agent@br'), await served(two, 'agent@mx')]).toEqual(['1.1.0', 503])
    // A host says what it runs itself a moment later.
    await one.until(async () => {
      const nodes = (await one.view('demo'))['nodes'] as { skew: boolean }[]
      return nodes.length === 2 && nodes.every(({ skew }) => !skew)
    })
  })

  it('is taken back everywhere when the version does not start on one host', async () => {
    const [one, two] = await pair('1.1.0')
    const answer = await one.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })
    expect(answer).toMatchObject({ status: 422, json: { code: 'plugin_start_failed', version: '1.1.0' } })
    expect(answer.json['detail']).toContain('not on this host')
    for (const host of [one, two])
      expect([await served(host, 'agent@br'), await served(host, 'agent@mx')]).toEqual(['1.0.0', '1.0.0'])
    expect((await one.view('demo'))['regions']).toMatchObject([{ differs: false }, { differs: false }])
    const { transitions } = (await one.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })).json
    const last = (transitions as { version: string; to: string }[]).find(({ version }) => version === '1.1.0')
    expect(last?.to).toBe('FAILED')
  })
})
