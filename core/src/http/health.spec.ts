import type { ReadinessProbe } from '../ports.ts'
import { healthRoutes } from './health.ts'
import { startTestDoor, type TestDoor } from './testing/test-door.ts'

const never = new Promise<never>(() => undefined)
const host = { accepting: true }
let said: () => Promise<{ ready: boolean }>
const probe: ReadinessProbe = { name: 'data', check: () => said() }

let door: TestDoor
/** As long as the machine may take for a case, so that it plays no part. */
const long = 600_000

async function open(times: { limitMs: number; patienceMs: number }): Promise<(query?: string) => Promise<number>> {
  said = async () => ({ ready: true })
  host.accepting = true
  door = await startTestDoor({}, [healthRoutes(host, [probe], times)])
  return async (query = '') => (await fetch(`${door.url}/readyz${query}`)).status
}

afterEach(() => door.stop())

describe('readiness', () => {
  it('is what a part that takes its time said last', async () => {
    const ready = await open({ limitMs: long, patienceMs: 1 })
    expect(await ready()).toBe(200)
    said = () => never
    expect(await ready()).toBe(200)
    expect(await ready()).toBe(200)
  })

  it('asks a part that takes its time only once', async () => {
    const ready = await open({ limitMs: long, patienceMs: 1 })
    await ready()
    let asked = 0
    said = () => {
      asked += 1
      return never
    }
    await Promise.all([ready(), ready(), ready()])
    expect(asked).toBe(1)
  })

  it('waits for a part that has said nothing for long', async () => {
    const ready = await open({ limitMs: long, patienceMs: 0 })
    said = () => new Promise((resolve) => setImmediate(() => setImmediate(() => resolve({ ready: false }))))
    expect(await ready()).toBe(503)
  })

  it('ends when a part says nothing for longer than it may', async () => {
    const ready = await open({ limitMs: 0, patienceMs: 0 })
    expect(await ready()).toBe(200)
    said = () => never
    expect(await ready()).toBe(503)
    said = async () => Promise.reject(new Error('no'))
    expect(await ready()).toBe(503)
  })

  it('comes back after a part that threw', async () => {
    const ready = await open({ limitMs: long, patienceMs: long })
    said = () => {
      throw new Error('no')
    }
    expect(await ready()).toBe(503)
    said = async () => ({ ready: true })
    expect(await ready()).toBe(200)
  })

  it('is told by 404 where a proxy is to let what is under way end', async () => {
    const ready = await open({ limitMs: long, patienceMs: 1 })
    expect(await ready('?unready=404')).toBe(200)
    host.accepting = false
    expect(await ready('?unready=404')).toBe(404)
    expect(await ready()).toBe(503)
    expect(await ready('?unready=200')).toBe(400)
  })
})
