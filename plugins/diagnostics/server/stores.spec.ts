import type { TestHost } from '@dcesop/sdk-plugin/testing'
import type { Collection, Document } from 'mongodb'
import { settingsFrom } from './config.ts'
import { createIndexes } from './indexes.ts'
import { bucketId, bucketStart } from './series/roll-up-document.ts'
import { fibreService, mobileService } from './testing/fixtures.ts'
import type { Stores } from './stores.ts'
import { openStores } from './stores.ts'
import { rowsOf, send, startDiagnostics } from './testing/diagnostics-host.ts'

/** No query that a person waits for may look at more than it needs, whatever else the region holds. */
describe('queries on waiting paths', () => {
  let host: TestHost
  let stores: Stores
  beforeAll(async () => {
    const crowd = Array.from({ length: 40 }, (_, index) =>
      fibreService({
        id: `s_${index}`,
        customerId: `c_${index}`,
        networkElement: { kind: 'olt', id: `olt-${index}`, site: `site-${index}` },
      }),
    )
    host = await startDiagnostics([mobileService(), fibreService(), ...crowd])
    const bad = Array.from({ length: 5 }, () => ({ opticalRx: -29 }))
    await send(host, [...crowd.flatMap(({ id }) => rowsOf(host, id, bad)), ...rowsOf(host, 's_fibre', bad)])
    await host.runJob('follow-samples')
    stores = openStores(host.data, 'br')
  })
  afterAll(() => host.dispose())

  it.each<[string, Exclude<keyof Stores, 'region' | 'transaction'>, Document, Document, number]>([
    ['newest samples of a service', 'samples', { serviceId: 's_fibre', at: { $gt: new Date(0) } }, { at: -1 }, 5],
    ['newest state of services', 'latest', { _id: { $in: ['s_fibre', 's_mobile'] } }, {}, 2],
    ['who is silent', 'latest', { at: { $gte: new Date(0), $lt: new Date(Date.now() - 1_200_000) } }, {}, 0],
    ['neighbours', 'latest', { elementId: 'olt-1' }, {}, 2],
    ['open issues of a customer', 'issues', { customerId: 'c_one', endedAt: null }, { startedAt: -1 }, 1],
    ['open incidents of an element', 'incidents', { elementIds: { $in: ['olt-1'] }, endedAt: null }, {}, 0],
    [
      'minutes of a day',
      'minutes',
      { _id: { $gte: bucketId('s_fibre', new Date(0)), $lt: bucketId('s_fibre', new Date()) } },
      { _id: 1 },
      2,
    ],
    ['services in focus', 'focus', { until: { $gt: new Date() } }, {}, 0],
  ])('%s', async (_name, collection, filter, sort, most) => {
    const cursor = (stores[collection] as unknown as Collection).find(filter).sort(sort as never)
    const plan = (await cursor.explain('executionStats')) as {
      executionStats: { totalDocsExamined: number; nReturned: number }
    }
    expect(plan.executionStats.totalDocsExamined).toBeLessThanOrEqual(most)
    expect(JSON.stringify(plan)).not.toContain('COLLSCAN')
  })
})

describe('retention', () => {
  it('follows the configuration, also when it changes on data that is there', async () => {
    const host = await startDiagnostics([])
    const stores = openStores(host.data, 'br')
    const expiry = async (): Promise<unknown> =>
      (await stores.samples.listIndexes().toArray()).find((index) => index.key.at === 1)?.expireAfterSeconds
    expect(await expiry()).toBe(26 * 3_600)
    await createIndexes(stores, { ...settingsFrom(undefined).retention, rawHours: 48 })
    expect(await expiry()).toBe(48 * 3_600)
    await host.dispose()
  })

  it.each([
    ['minute', 'minutes', 2, 3_600_000],
    ['hour', 'hours', 40, 86_400_000],
    ['day', 'days', 400, 31 * 86_400_000],
  ] as const)('keeps the last %s of a bucket for its time, too, and none for a bucket longer', async (...row) => {
    const [resolution, collection, days, bucketMs] = row
    const host = await startDiagnostics([])
    const indexes = await openStores(host.data, 'br')[collection].listIndexes().toArray()
    const { expireAfterSeconds = 0 } = indexes.find(({ key }) => key.start === 1) ?? {}
    const last = new Date('2026-01-31T23:59:59Z')
    const goneAt = bucketStart(resolution, last).getTime() + expireAfterSeconds * 1000
    const keptUntil = last.getTime() + days * 86_400_000
    expect(goneAt).toBeGreaterThan(keptUntil)
    expect(goneAt).toBeLessThanOrEqual(keptUntil + bucketMs)
    await host.dispose()
  })
})
