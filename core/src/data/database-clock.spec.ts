import type { Connection } from 'mongoose'
import { Leases } from '../jobs/leases.ts'
import { createLog } from '../observability/log.ts'
import { Nodes } from '../plugins/hosts/nodes.ts'
import { startData } from '../plugins/testing/harness.ts'
import { DatabaseClock } from './database-clock.ts'

const day = 86_400_000
let data: Awaited<ReturnType<typeof startData>>
let clock: DatabaseClock

beforeAll(async () => {
  data = await startData()
  clock = await DatabaseClock.follow(data.data.core, createLog('silent'))
})
afterEach(() => void jest.restoreAllMocks())
afterAll(async () => {
  clock.dispose()
  await data.stop()
})

/** This host's own clock is put forward or back from now on. */
function leap(ms: number): void {
  const { now } = Date
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ms)
}

it.each([day, -day])('goes on when the clock of the machine leaps by %i ms', (ms) => {
  const before = clock.now().getTime()
  leap(ms)
  expect(Math.abs(clock.now().getTime() - before)).toBeLessThan(day / 2)
  expect(Math.abs(Date.now() - before)).toBeGreaterThan(day / 2)
})

it('keeps a lease and a sign of life good for a host whose own clock is a day ahead', async () => {
  const [ours, theirs] = ['a', 'b'].map((node) => new Leases(data.data.core, node, clock)) as [Leases, Leases]
  const lease = await ours.acquire('plugin:demo', day / 4)
  const [a, b] = ['a', 'b'].map((node) => new Nodes(data.data.core, node, clock, day / 4)) as [Nodes, Nodes]
  await a.beat({})
  leap(day)
  expect(await theirs.acquire('plugin:demo', day / 4)).toBeUndefined()
  expect(lease && ours.leftMs(lease)).toBeGreaterThan(0)
  expect((await b.others()).map(({ node }) => node)).toEqual(['a'])
})

describe('an answer that is late', () => {
  let steady = 5_000
  /** Of the database against this process's steady clock. */
  let ahead = 1_000_000
  let [before, after] = [0, 0]
  const command = async () => {
    steady += before
    const localTime = new Date(steady + ahead)
    steady += after
    return { localTime }
  }
  const connection = { getClient: () => ({ db: () => ({ command }) }) } as unknown as Connection

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['performance', 'nextTick', 'setImmediate', 'queueMicrotask'] })
    jest.spyOn(performance, 'now').mockImplementation(() => steady)
  })
  afterEach(() => jest.useRealTimers())

  it.each([
    [8_000, 0],
    [0, 8_000],
  ])('moves the time by nothing that it does not say, %i ms before and %i ms after', async (...waits) => {
    const one = await DatabaseClock.follow(connection, createLog('silent'))
    ;[before, after] = waits
    await jest.advanceTimersByTimeAsync(10_000)
    expect(one.now()).toEqual(new Date(steady + ahead))
    ;[before, after] = [0, 0]
    // Another server of the replica set, with another clock.
    ahead += 60_000
    await jest.advanceTimersByTimeAsync(10_000)
    expect(one.now()).toEqual(new Date(steady + ahead))
    one.dispose()
  })
})
