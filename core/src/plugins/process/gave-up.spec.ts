import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'

const host = hostForEach(() => ({ isolation: { default: 'process', byPlugin: {} }, mostEnds: 1 }))

const pack = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/version'), route('GET', '/end')],
    start: `const say = (path, handler) => context.route({ method: 'GET', path, summary: 'x', handler })
      say('/version', () => ({ version: context.version }))
      say('/end', () => process.kill(process.pid, 'SIGKILL'))`,
  })
const get = (path: string, as: string) => host.harness.call('GET', `/api/plugins/demo${path}`, { as })
const version = async (as: string) => {
  const { status, json } = await get('/version', as)
  return status === 200 ? json['version'] : status
}
/** As one ends that is killed for its memory. */
const end = (as: string) => get('/end', as)
const lastOf = async (of: string) => {
  const { json } = await host.harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  const rows = json['transitions'] as { version: string; to: string; causes: { code: string }[] }[]
  const last = rows.find((row) => row.version === of)
  return [last?.to, last?.causes[0]?.code]
}

describe('a version whose process does not stay', () => {
  beforeEach(async () => {
    await host.harness.install(await pack('1.0.0'))
    await host.harness.upload(await pack('1.1.0'))
  })

  it('ends as a canary, however few use it: they get the version before', async () => {
    const canary = { subjects: ['agent-1'] }
    expect((await host.harness.change('upgrade', 'demo', { version: '1.1.0', canary })).status).toBe(200)
    await end('agent-1')
    await host.harness.until(async () => (await host.harness.view('demo'))['canary'] === null)
    expect([await version('agent-1'), await version('agent-2')]).toEqual(['1.0.0', '1.0.0'])
    expect(await lastOf('1.1.0')).toEqual(['ROLLED_BACK', 'process_gave_up'])
    expect(host.harness.audit.records).toContainEqual(expect.objectContaining({ action: 'plugin.canary.rollback' }))
  })

  it('is put into quarantine in the region that has it, and the others go on', async () => {
    expect((await host.harness.change('upgrade', 'demo', { version: '1.1.0', region: 'mx' })).status).toBe(200)
    await end('agent@mx')
    await host.harness.until(async () => (await lastOf('1.1.0'))[0] === 'QUARANTINED')
    expect(await host.harness.view('demo')).toMatchObject({
      ...{ state: 'ACTIVE', version: '1.0.0' },
      regions: [{ serving: '1.0.0' }, { version: '1.1.0', serving: null }],
    })
    expect([await version('agent@br'), await version('agent@mx')]).toEqual(['1.0.0', 503])
    expect((await host.harness.change('enable', 'demo', { region: 'mx' })).status).toBe(200)
    expect(await version('agent@mx')).toBe('1.1.0')
  })
})
