import type { Document } from 'bson'
import type { Collection, FindCursor } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

describe('tailable cursors', () => {
  let database: TestDatabase
  let serial = 0

  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())

  async function capped(options: Document = { size: 100_000 }): Promise<Collection<{ _id: number; at?: string }>> {
    const db = database.client.db('log')
    return db.createCollection<{ _id: number; at?: string }>(`lines${serial++}`, { capped: true, ...options })
  }

  const ids = async (cursor: FindCursor<{ _id: number }>, count: number): Promise<number[]> => {
    const found: number[] = []
    while (found.length < count) found.push((await cursor.next())?._id as number)
    return found
  }

  it('give what is there, wait, and give what comes later in the order of its insertion', async () => {
    const lines = await capped()
    await lines.insertMany([{ _id: 3 }, { _id: 1 }])
    const cursor = lines.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 20_000 })
    expect(await ids(cursor, 2)).toEqual([3, 1])
    const later = ids(cursor, 3)
    await lines.insertMany([{ _id: 9 }, { _id: 2 }])
    await lines.insertOne({ _id: 0 })
    expect(await later).toEqual([9, 2, 0])
    await cursor.close()
  })

  it('filter and project what comes', async () => {
    const lines = await capped()
    await lines.insertMany([{ _id: 2 }, { _id: 3, at: 'b' }])
    const cursor = lines
      .find({ at: { $exists: true } }, { tailable: true, awaitData: true, maxAwaitTimeMS: 20_000 })
      .project({ _id: 0, at: 1 })
    expect(await cursor.next()).toEqual({ at: 'b' })
    const next = cursor.next()
    await lines.insertMany([{ _id: 4 }, { _id: 5, at: 'c' }])
    expect(await next).toEqual({ at: 'c' })
    await cursor.close()
  })

  it('skip, and end at their limit', async () => {
    const lines = await capped()
    await lines.insertMany([{ _id: 1 }, { _id: 2 }])
    const command = { find: lines.collectionName, tailable: true, skip: 1, limit: 2 }
    const { cursor } = await database.client.db('log').command(command, { promoteLongs: false })
    expect(cursor.firstBatch).toEqual([{ _id: 2 }])
    await lines.insertMany([{ _id: 3 }, { _id: 4 }])
    const more = await database.client.db('log').command({ getMore: cursor.id, collection: lines.collectionName })
    expect(more.cursor).toMatchObject({ id: 0, nextBatch: [{ _id: 3 }] })
  })

  it('answer at once without awaitData, and stay open', async () => {
    const lines = await capped()
    await lines.insertOne({ _id: 1 })
    const cursor = lines.find({}, { tailable: true })
    expect(await cursor.next()).toEqual({ _id: 1 })
    expect(await cursor.tryNext()).toBeNull()
    await lines.insertOne({ _id: 2 })
    expect(await cursor.next()).toEqual({ _id: 2 })
    await cursor.close()
  })

  it('end when the document they stand at had to make room', async () => {
    const lines = await capped({ size: 100_000, max: 2 })
    await lines.insertOne({ _id: 1 })
    const cursor = lines.find({}, { tailable: true })
    expect(await cursor.next()).toEqual({ _id: 1 })
    await lines.insertMany([{ _id: 2 }, { _id: 3 }, { _id: 4 }])
    await expect(cursor.next()).rejects.toMatchObject({ code: 136, codeName: 'CappedPositionLost' })
  })

  it('end with their collection, also while they wait', async () => {
    const lines = await capped()
    await lines.insertOne({ _id: 1 })
    const cursor = lines.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 20_000 })
    await cursor.next()
    const waiting = expect(cursor.next()).rejects.toMatchObject({ name: 'MongoServerError' })
    await lines.drop()
    await waiting
  })

  it('are dead from the start on an empty collection, as MongoDB has it', async () => {
    const lines = await capped()
    expect(await lines.find({}, { tailable: true, awaitData: true }).next()).toBeNull()
  })

  it.each<[string, Document, number]>([
    ['an ordinary collection', { find: 'ordinary', tailable: true }, 2],
    ['another order', { find: 'ordinary', tailable: true, sort: { a: 1 } }, 2],
    ['a single batch', { find: 'ordinary', tailable: true, singleBatch: true }, 2],
    ['awaitData alone', { find: 'ordinary', awaitData: true }, 9],
  ])('are refused for %s', async (_, command, code) => {
    const db = database.client.db('log')
    await db.collection('ordinary').insertOne({})
    await expect(db.command(command)).rejects.toMatchObject({ code })
  })

  it('let no transaction write to a capped collection', async () => {
    const lines = await capped()
    await lines.insertOne({ _id: 1 })
    const write = database.client.withSession((session) =>
      session.withTransaction(() => lines.insertOne({ _id: 2 }, { session })),
    )
    await expect(write).rejects.toMatchObject({ code: 263 })
    expect(await lines.countDocuments()).toBe(1)
  })
})
