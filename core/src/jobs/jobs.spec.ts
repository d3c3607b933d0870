import { startData } from '../plugins/testing/harness.ts'
import { recordingLog } from '../plugins/testing/test-doubles.ts'
import { JobScheduler } from './job-scheduler.ts'
import { Leases } from './leases.ts'

let store: Awaited<ReturnType<typeof startData>>
let now = new Date('2026-03-01T00:00:00Z')
const clock = { now: () => now }

beforeEach(async () => {
  now = new Date('2026-03-01T00:00:00Z')
  store = await startData()
})

afterEach(() => store.stop())

const leases = (node: string) => new Leases(store.data.core, node, clock)

function scheduler(node: string) {
  const failed: string[] = []
  return { failed, jobs: new JobScheduler(leases(node), recordingLog(), (plugin) => void failed.push(plugin)) }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('The condition did not come true within 10 s.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('a lease', () => {
  it('is held by one node, given back to it at once, and passes on when it ran out', async () => {
    const first = await leases('a').acquire('x', 1000)
    expect(await leases('b').acquire('x', 1000)).toBeUndefined()
    const again = await leases('a').acquire('x', 1000)
    now = new Date(now.getTime() + 1001)
    const passed = await leases('b').acquire('x', 1000)
    expect([first?.token, again?.token, passed?.token]).toEqual([1, 2, 3])
    expect(await leases('a').acquire('x', 1000)).toBeUndefined()
  })

  it('can be released, and not by a holder that lost it', async () => {
    const first = await leases('a').acquire('x', 1000)
    now = new Date(now.getTime() + 1001)
    await leases('b').acquire('x', 1000)
    if (first) await leases('a').release(first)
    expect(await leases('a').acquire('x', 1000)).toBeUndefined()
  })
})

describe('a job', () => {
  it('runs on one node, never beside itself, and on the other node after the first stopped', async () => {
    const ran: string[] = []
    let running = 0
    const start = (node: string) =>
      scheduler(node).jobs.schedule({
        plugin: 'demo',
        name: 'sweep',
        everyMs: 5,
        async run() {
          running += 1
          if (running > 1) ran.push('beside itself')
          ran.push(node)
          await new Promise((resolve) => setTimeout(resolve, 15))
          running -= 1
        },
      })
    const a = start('a')
    await until(() => ran.length >= 1)
    const b = start('b')
    await until(() => ran.length >= 5)
    expect(new Set(ran)).toEqual(new Set(['a']))
    await a.dispose()
    await until(() => ran.includes('b'))
    expect(ran).not.toContain('beside itself')
    await b.dispose()
  })

  it('that throws is charged to its plugin and runs again', async () => {
    const { jobs, failed } = scheduler('a')
    let runs = 0
    const job = jobs.schedule({
      plugin: 'demo',
      name: 'sweep',
      everyMs: 5,
      run: () => Promise.reject(new Error(`run ${(runs += 1)}`)),
    })
    await until(() => runs >= 2)
    expect(failed[0]).toBe('demo')
    await job.dispose()
  })

  it('is told to end, and waited for', async () => {
    let ended = false
    let begun = false
    const job = scheduler('a').jobs.schedule({
      plugin: 'demo',
      name: 'sweep',
      everyMs: 5,
      async run(signal) {
        begun = true
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        await new Promise((resolve) => setTimeout(resolve, 20))
        ended = true
      },
    })
    await until(() => begun)
    await job.dispose()
    expect(ended).toBe(true)
  })
})
