import type { Collection, Document, ResumeToken, Timestamp } from 'mongodb'
import { startTestDatabase } from '../../testing/database.ts'
import type { TestDatabase } from '../../testing/database.ts'

/** Where a stream would go on, as its replies say. */
describe('the resume token of a reply', () => {
  let database: TestDatabase
  let orders: Collection<Document>
  beforeAll(async () => {
    database = await startTestDatabase()
    orders = database.client.db('shop').collection('orders')
  })
  afterAll(() => database.stop())

  const command = (body: Document) => database.client.db('shop').command(body)
  const watch = (stage: Document, cursor: Document = {}) =>
    command({ aggregate: 'orders', pipeline: [{ $changeStream: stage }], cursor })
  const more = (getMore: unknown) => command({ getMore, collection: 'orders', maxTimeMS: 20 })

  it('stays that of the last event while nothing else happens', async () => {
    const { cursor } = await watch({})
    await orders.insertMany([{}, {}])
    const given = (await more(cursor.id)).cursor as { nextBatch: Document[]; postBatchResumeToken: ResumeToken }
    expect(given.postBatchResumeToken).toEqual(given.nextBatch.at(-1)?._id)
    expect((await more(cursor.id)).cursor.postBatchResumeToken).toEqual(given.postBatchResumeToken)
    await database.client.db('other').collection('rows').insertOne({})
    const moved = (await more(cursor.id)).cursor as { postBatchResumeToken: { _data: string } }
    expect(moved.postBatchResumeToken._data > (given.postBatchResumeToken as { _data: string })._data).toBe(true)
  })

  it('is refused where no such event is known, as by a server whose data is older than it', async () => {
    const { cursor } = await watch({})
    await orders.insertOne({})
    const [event] = (await more(cursor.id)).cursor.nextBatch as { _id: { _data: string } }[]
    const unknown = { _data: `FFFFFF${event?._id._data.slice(6)}` }
    for (const stage of [{ resumeAfter: unknown }, { startAfter: unknown }])
      await expect(watch(stage)).rejects.toMatchObject({ code: 280, codeName: 'ChangeStreamFatalError' })
  })

  it('loses and repeats no event after a start at a time whose reply held none', async () => {
    const { cursor } = await watch({})
    await orders.insertOne({ n: 'before' })
    await orders.insertMany([{ n: 0 }, { n: 1 }, { n: 2 }])
    const events = (await more(cursor.id)).cursor.nextBatch as { clusterTime: Timestamp; fullDocument: Document }[]
    const told = events.map(({ fullDocument }) => fullDocument.n as unknown)
    for (const [at, { clusterTime }] of events.entries()) {
      const empty = await watch({ startAtOperationTime: clusterTime }, { batchSize: 0 })
      expect(empty.cursor.firstBatch).toEqual([])
      const resumed = await watch({ resumeAfter: empty.cursor.postBatchResumeToken as ResumeToken })
      const rest = resumed.cursor.firstBatch as typeof events
      expect(rest.map(({ fullDocument }) => fullDocument.n as unknown)).toEqual(told.slice(at))
    }
  })
})
