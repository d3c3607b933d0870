import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packFixture, route } from '../../core/src/plugins/testing/fixture-plugin.ts'
import { startData } from '../../core/src/plugins/testing/harness.ts'
import { type HostProcess, startHostProcess } from '../../core/src/plugins/testing/host-process.ts'
import { Partner } from '../support/partner.ts'
import { registryConfig } from '../support/registry-settings.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'
import { killCases } from './three-hosts/kill-cases.ts'
import { wantedCases } from './three-hosts/wanted-cases.ts'

let registry: RegistryProcess
let acme: Partner
let data: Awaited<ReturnType<typeof startData>>
let folder: string
let hosts: HostProcess[]

/** Short, so that a host that was killed is soon taken for gone, and its change settled. */
const limits = { leaseMs: 4000, hostSilenceMs: 5000 }

/** A node keeps its folder, and with it its name, over restarts. */
const startNode = (number: number) =>
  startHostProcess(data, {
    ...{ dataDir: path.join(folder, `node-${number}`), firstInstall: [], ...limits },
    registry: registryConfig(registry, registry.url),
  })

beforeAll(async () => {
  ;[data, registry] = await Promise.all([startData(), startRegistryProcess()])
  folder = await mkdtemp(path.join(tmpdir(), 'three-hosts-'))
  ;[acme, ...hosts] = await Promise.all([Partner.join(registry, 'acme'), ...[0, 1, 2].map(startNode)])
}, 120_000)

afterAll(async () => {
  for (const host of hosts) await host.kill()
  await Promise.all([data.stop(), registry.dispose()])
  await rm(folder, { recursive: true, force: true })
})

const pack = (version: string, start = '') =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    start: `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version, pid: process.pid }) })\n${start}`,
  })

const on = (number: number) => hosts[number] as HostProcess
const change = (number: number, verb: string, body: object = {}) =>
  on(number).request('POST', `/api/admin/plugins/demo/${verb}`, 'admin', body)

async function upload(number: number, tarball: Buffer): Promise<void> {
  expect(await on(number).request('POST', '/api/admin/packages', 'admin', tarball)).toMatchObject({ status: 201 })
}

async function versions(as = 'agent', asked = hosts): Promise<unknown[]> {
  const answers = await Promise.all(asked.map((host) => host.request('GET', '/api/plugins/demo/version', as)))
  return answers.map(({ status, json }) => (status === 200 ? json['version'] : status))
}

async function until(expected: unknown, of: () => Promise<unknown> = versions): Promise<void> {
  const deadline = performance.now() + 90_000
  for (;;) {
    const found = await of()
    if (JSON.stringify(found) === JSON.stringify(expected)) return
    if (performance.now() > deadline) expect(found).toEqual(expected)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const skews = async () => {
  const { json } = await on(0).request('GET', '/api/admin/plugins/demo', 'admin')
  return (json['nodes'] as { skew: boolean }[]).map(({ skew }) => skew)
}

const wanted = wantedCases(() => ({ hosts, acme, until }))

describe('three hosts on one database', () => {
  it('serve a plugin that was uploaded and installed on one of them', async () => {
    await upload(0, await pack('1.0.0'))
    expect(await change(0, 'install', { version: '1.0.0' })).toMatchObject({ status: 200, json: { state: 'ACTIVE' } })
    // ACTIVE means that all have it, now.
    expect(await versions()).toEqual(['1.0.0', '1.0.0', '1.0.0'])
    expect(await skews()).toEqual([false, false, false])
  }, 120_000)

  it('change to a new version together, whichever is asked, and back', async () => {
    await upload(1, await pack('1.1.0'))
    expect(await change(1, 'upgrade', { version: '1.1.0' })).toMatchObject({ status: 200 })
    expect(await versions()).toEqual(['1.1.0', '1.1.0', '1.1.0'])
    expect(await change(2, 'rollback')).toMatchObject({ status: 200, json: { version: '1.0.0' } })
    expect(await versions()).toEqual(['1.0.0', '1.0.0', '1.0.0'])
  }, 120_000)

  it('stay where they are when the new version does not start on one of them', async () => {
    const pid = on(2).process.pid
    await upload(0, await pack('1.2.0', `if (process.pid === ${pid}) throw new Error('no room here')`))
    const answer = await change(0, 'upgrade', { version: '1.2.0' })
    expect(answer).toMatchObject({ status: 422, json: { code: 'plugin_start_failed', state: 'FAILED' } })
    expect(answer.json['detail']).toContain('no room here')
    expect(await versions()).toEqual(['1.0.0', '1.0.0', '1.0.0'])
  }, 120_000)

  it('let one of two changes at the same time through', async () => {
    await upload(0, await pack('1.3.0'))
    const answers = await Promise.all([0, 1, 2].map((number) => change(number, 'upgrade', { version: '1.3.0' })))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409 || status === 503)).toHaveLength(2)
    expect(await versions()).toEqual(['1.3.0', '1.3.0', '1.3.0'])
  }, 120_000)

  it('give the same person the same canary', async () => {
    await upload(0, await pack('1.4.0'))
    expect(
      await change(0, 'upgrade', { version: '1.4.0', canary: { subjects: ['agent-1'], promote: 'manual' } }),
    ).toMatchObject({ status: 200 })
    await until(['1.4.0', '1.4.0', '1.4.0'], () => versions('agent-1'))
    expect(await versions('agent-2')).toEqual(['1.3.0', '1.3.0', '1.3.0'])
    expect(await change(1, 'promote')).toMatchObject({ status: 200, json: { version: '1.4.0' } })
    expect(await versions('agent-2')).toEqual(['1.4.0', '1.4.0', '1.4.0'])
  }, 120_000)

  it('follow regions, and a plugin that is disabled and enabled', async () => {
    await change(2, 'disable', { region: 'mx' })
    await until([503, 503, 503], () => versions('agent@mx'))
    expect(await versions('agent@br')).toEqual(['1.4.0', '1.4.0', '1.4.0'])
    await change(0, 'enable', { region: 'mx' })
    await until(['1.4.0', '1.4.0', '1.4.0'], () => versions('agent@mx'))
    await change(1, 'disable')
    await until([503, 503, 503])
    await change(0, 'enable')
    expect(await versions()).toEqual(['1.4.0', '1.4.0', '1.4.0'])
  }, 120_000)

  wanted.whileAllRun()

  it('go on without one that was killed, which catches up when it is back', async () => {
    await on(2).kill()
    await upload(0, await pack('1.5.0'))
    expect(await change(0, 'upgrade', { version: '1.5.0' })).toMatchObject({ status: 200 })
    hosts[2] = await startNode(2)
    await until(['1.5.0', '1.5.0', '1.5.0'])
    await until([false, false, false], skews)
  }, 120_000)

  wanted.afterOneCameBack()

  const journal = async () => {
    const { json } = await on(1).request('GET', '/api/admin/plugins/demo/journal', 'admin')
    const rows = json['transitions'] as { version: string; to: string }[]
    return (version: string) => rows.find((row) => row.version === version)?.to
  }

  it('take back what the host that led the change was starting when it was killed', async () => {
    const { pid } = on(0).process
    const start = `if (process.pid === ${pid}) await new Promise(() => undefined)`
    await upload(0, await pack('1.6.0', start))
    const asked = change(0, 'upgrade', { version: '1.6.0' }).catch(() => undefined)
    await until('STARTING', async () => (await journal())('1.6.0'))
    await on(0).kill()
    await asked
    await until('ROLLED_BACK', async () => (await journal())('1.6.0'))
    expect(await versions('agent', [on(1), on(2)])).toEqual(['1.5.0', '1.5.0'])
  }, 120_000)

  it('finish, be it the last one, what the host that led the change had made known when it was killed', async () => {
    await upload(2, await pack('1.7.0'))
    const asked = change(2, 'upgrade', { version: '1.7.0' }).catch(() => undefined)
    const desired = data.data.core.collection('plugin_desired')
    while ((await desired.findOne({ version: '1.7.0' })) === null);
    await on(2).kill()
    await asked
    await until('ACTIVE', async () => (await journal())('1.7.0'))
    expect((await journal())('1.5.0')).toBe('STOPPED')
    const back = await Promise.all([startNode(0), startNode(2)])
    hosts = [back[0], on(1), back[1]]
    await until(['1.7.0', '1.7.0', '1.7.0'])
    expect(await change(1, 'rollback')).toMatchObject({ status: 200, json: { version: '1.5.0' } })
    expect(await versions()).toEqual(['1.5.0', '1.5.0', '1.5.0'])
  }, 120_000)

  killCases(() => ({
    hosts,
    core: data.data.core,
    until,
    restart: async (number) => void (hosts[number] = await startNode(number)),
  }))

  it('let go of a plugin that is uninstalled on one of them', async () => {
    expect(await change(1, 'uninstall')).toMatchObject({ status: 200 })
    await until([404, 404, 404])
  }, 120_000)
})
