import { Timestamp } from 'mongodb'
import type { Collection, Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('snapshot reads outside transactions', () => {
  let database: TestDatabase
  let rows: Collection<Document>

  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await database.client.db('shop').dropDatabase()
    rows = database.client.db('shop').collection('rows')
    await rows.insertMany([
      { _id: 1 as never, x: 11 },
      { _id: 2 as never, x: 12 },
    ])
  })

  it('reads one state for find, aggregate and distinct while others write, index, drop and create', async () => {
    const session = database.client.startSession({ snapshot: true })
    expect(await rows.find({}, { session }).toArray()).toHaveLength(2)
    await rows.insertOne({ _id: 3 as never, x: 13 })
    await rows.updateMany({}, { $inc: { x: 100 } })
    await rows.createIndex({ x: 1 })
    expect(await rows.findOne({ x: 11 }, { session })).toEqual({ _id: 1, x: 11 })
    await rows.drop()
    await rows.insertOne({ _id: 9 as never, x: 9 })
    expect(await rows.distinct('x', {}, { session })).toEqual([11, 12])
    const joined = [{ $match: { _id: 1 } }, { $lookup: { from: 'rows', pipeline: [{ $sort: { _id: 1 } }], as: 'all' } }]
    expect(await rows.aggregate(joined, { session }).toArray()).toEqual([
      {
        _id: 1,
        x: 11,
        all: [
          { _id: 1, x: 11 },
          { _id: 2, x: 12 },
        ],
      },
    ])
    await session.endSession()
    expect(await rows.distinct('x')).toEqual([9])
  })

  it('keeps the snapshot for the batches of a cursor', async () => {
    const session = database.client.startSession({ snapshot: true })
    const cursor = rows.find({}, { session, batchSize: 1, sort: { _id: 1 } })
    expect(await cursor.next()).toEqual({ _id: 1, x: 11 })
    await rows.deleteMany({})
    expect(await cursor.next()).toEqual({ _id: 2, x: 12 })
    expect(await cursor.next()).toBeNull()
    await session.endSession()
  })

  it('reads again at a time once read, and answers 239 for one never kept', async () => {
    const shop = database.client.db('shop')
    const first = await shop.command({ find: 'rows', readConcern: { level: 'snapshot' } })
    const at = (first.cursor as Document).atClusterTime as Timestamp
    await rows.deleteMany({})
    const again = await shop.command({
      distinct: 'rows',
      key: '_id',
      readConcern: { level: 'snapshot', atClusterTime: at },
    })
    expect(again).toMatchObject({ values: [1, 2], atClusterTime: at })
    const old = new Timestamp({ t: 1, i: 1 })
    await expect(
      shop.command({ find: 'rows', readConcern: { level: 'snapshot', atClusterTime: old } }),
    ).rejects.toMatchObject({ code: 239, codeName: 'SnapshotTooOld' })
  })

  it('is refused for commands that do not read at a snapshot', async () => {
    const session = database.client.startSession({ snapshot: true })
    for (const command of [{ insert: 'rows', documents: [{}] }, { listCollections: 1 }, { count: 'rows' }])
      await expect(database.client.db('shop').command(command, { session })).rejects.toMatchObject({ code: 72 })
    await session.endSession()
  })
})
