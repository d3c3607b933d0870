import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { processMicros } from '../bench/database/process-time.ts'
import { allBelow } from '../bench/processes.ts'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { type Client, signIn } from '../support/client.ts'
import { packVersion } from '../support/packages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { startSteadyLoad } from '../support/steady-load.ts'

const admin = { role: 'registry-admin', region: 'br' }
/** Of processor time: a busy machine only gives it later. */
const containedMs = 10_000
const perSecond = 20

describe('a hostile plugin in a process of its own', () => {
  let product: Product
  let registry: Client
  let agent: Client

  beforeAll(async () => {
    // Those that come with the product are not asked here, and their start is most of the host's.
    product = await startProduct({ env: { DCESOP_DEMO_PROGRAMS: 'none', DCESOP_PACKAGES_DIR: 'none' } })
    registry = await signIn(product.url, admin.role, admin.region)
    agent = await signIn(product.url, 'agent', 'br')
    for (const id of ['echo', 'hostile']) {
      await uploadPackage(registry, await packVersion(`tests/fixtures/${id}`, '1.0.0'))
      expect(await changePlugin(registry, admin, id, 'install', { version: '1.0.0' })).toMatchObject({ status: 200 })
    }
  }, 240_000)

  afterAll(async () => {
    await product?.dispose()
  })

  /** Its answer, or that there was none. */
  const misbehave = async (how: string) => {
    try {
      const { status, body } = await agent.request('POST', `/api/plugins/hostile/misbehave/${how}`)
      return { status, body }
    } catch (error) {
      return { status: 0, body: { error: String(error) } }
    }
  }
  const isWell = async () => (await agent.request('GET', '/api/plugins/hostile/well')).status === 200
  const ends = () =>
    product
      .output()
      .split('\n')
      .filter((line) => line.includes("a plugin's process ended"))

  /** Of the processes below the host, as far as the system tells. */
  const processorTimes = () => {
    const times = allBelow(product.process.pid as number).map((pid): [number, number] => [
      pid,
      processMicros(pid) / 1000,
    ])
    return new Map(times.filter(([, ms]) => !Number.isNaN(ms)))
  }

  /** Where the system has no walls for processes, the host says so, and the network is there. */
  const unreachable = () =>
    /"sandbox":"(bubblewrap|namespaces)"/.test(product.output()) ? 'ENETUNREACH' : 'ECONNREFUSED'

  /** Runs `work` while another plugin is used, which must not notice. */
  async function besideOthers<T>(work: () => Promise<T>): Promise<T> {
    const load = startSteadyLoad(perSecond, async (index) => {
      const answer = await agent.request('GET', `/api/plugins/echo/records/r${index}`)
      return answer.status === 200 ? undefined : `${answer.status}`
    })
    try {
      return await work()
    } finally {
      const { failures, sent } = await load.stop()
      expect(failures).toEqual([])
      expect(sent).toBeGreaterThan(0)
    }
  }

  it.each([
    ['busy', /its event loop is busy/],
    // On a machine with nothing to spare it is found out before its heap is full.
    ['heap', /it ended by itself|MiB of memory|its event loop is busy/],
  ])(
    'is ended when it does %s, and comes back',
    async (how, reason) => {
      await until(isWell)
      const before = ends().length
      await besideOthers(async () => {
        const atFirst = processorTimes()
        const used = new Map(atFirst)
        const answer = misbehave(how)
        await until(() => {
          for (const [pid, ms] of processorTimes()) used.set(pid, ms)
          return ends().length > before
        })
        const ended = () => {
          const left = processorTimes()
          return [...atFirst].filter(([pid]) => !left.has(pid))
        }
        if (process.platform === 'linux') await until(() => ended().length > 0)
        for (const [pid, ms] of ended()) expect(Number(used.get(pid)) - ms).toBeLessThan(containedMs)
        expect(ends().at(-1)).toMatch(reason)
        expect((await answer).status).not.toBe(200)
        await until(isWell)
      })
    },
    120_000,
  )

  it('gets no more memory than it may have, nor processes, descriptors, files, network or the data of others', async () => {
    await until(isWell)
    await besideOthers(async () => {
      const before = ends().length
      expect((await misbehave('buffers')).status).not.toBe(200)
      // The kernel refuses it the last of them; for what it has by then it is ended.
      await until(() => ends().length > before)
      await until(isWell)
      expect(await misbehave('fork')).toMatchObject({ status: 200, body: { codes: ['ERR_ACCESS_DENIED'] } })
      expect(await misbehave('files')).toMatchObject({ status: 200, body: { code: 'ERR_ACCESS_DENIED' } })
      expect(await misbehave('network')).toMatchObject({ status: 200, body: { code: unreachable() } })
      expect(await misbehave('fetch')).toMatchObject({ status: 200, body: { code: 'egress_refused' } })
      expect(await misbehave('data')).toMatchObject({ status: 200, body: { code: 13 } })
      expect(await misbehave('descriptors')).toMatchObject({ status: 200, body: { code: 'EMFILE' } })
    })
  }, 120_000)

  it('has an answer without end cut off', async () => {
    await besideOthers(async () => {
      const answer = await misbehave('answer')
      expect(answer.status).toBe(0)
    })
  }, 120_000)

  it('is put into quarantine, with the reason, when its process does not stay', async () => {
    const state = async () => (await registry.request('GET', '/api/admin/plugins/hostile')).body
    await besideOthers(async () => {
      await until(async () => {
        await misbehave('exit')
        return (await state())['state'] === 'QUARANTINED'
      })
    })
    expect(await state()).toMatchObject({
      reason: expect.stringContaining('ended too often') as string,
      causes: [
        expect.objectContaining({ code: 'process_gave_up' }),
        expect.objectContaining({ code: expect.stringMatching(/^process_/) as string }),
      ],
    })
    expect(await changePlugin(registry, admin, 'hostile', 'enable')).toMatchObject({ status: 200 })
    await until(isWell)
  }, 120_000)

  it('does not outlive a host that is killed, busy as it may be', async () => {
    const pids = () => allBelow(product.process.pid as number)
    const before = pids()
    expect(before.length).toBeGreaterThan(1)
    const answer = misbehave('busy')
    await sleep(500)
    await product.kill()
    await answer
    await until(() => before.every((pid) => !existsSync(`/proc/${pid}`)))
  })
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(100)
}
