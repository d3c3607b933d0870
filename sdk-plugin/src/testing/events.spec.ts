import type { ClientSession } from 'mongodb'
import type { DataPort, RegionData } from '../backend/data.ts'
import { createTestClock } from './clock.ts'
import { createTestEvents } from './events.ts'
import { minimalManifest } from './manifest.ts'

const topic = 'demo.done/v1'
const manifest = minimalManifest({
  backend: { entry: 'dist/server.cjs', isolation: 'inline', routes: [], events: { publishes: [topic] } },
})

/** A region whose transactions are tried `attempts` times, and fail when there are none. */
function dataOf(attempts: number): DataPort {
  const transaction: RegionData['transaction'] = async (work) => {
    let result: Awaited<ReturnType<typeof work>> | undefined
    for (let attempt = 0; attempt < Math.max(attempts, 1); attempt += 1) result = await work({} as ClientSession)
    if (attempts === 0) throw new Error('aborted')
    return result as Awaited<ReturnType<typeof work>>
  }
  return { regions: ['br'], region: () => ({ region: 'br', transaction }) as RegionData }
}

describe('events of a transaction', () => {
  const publishIn = async (attempts: number) => {
    const events = createTestEvents(manifest, createTestClock())
    const work = (session: ClientSession) =>
      events.port.publish({ topic, region: 'br', key: 'k', payload: {} }, { session })
    const outcome = events.transactional(dataOf(attempts)).region('br').transaction(work)
    return { events, outcome }
  }

  it('count once when it is tried again', async () => {
    const { events, outcome } = await publishIn(3)
    await outcome
    expect(events.published).toMatchObject([{ topic, key: 'k' }])
  })

  it('never happened when it is rolled back', async () => {
    const { events, outcome } = await publishIn(0)
    await expect(outcome).rejects.toThrow('aborted')
    expect(events.published).toEqual([])
  })
})
