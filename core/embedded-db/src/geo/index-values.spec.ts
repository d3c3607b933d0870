import type { Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('geospatial indexes', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())

  it('refuse documents whose place is none, as they are built and afterwards', async () => {
    const places = database.client.db('geo').collection<Document>('refusing')
    await places.insertOne({ _id: 1 as never, at: { type: 'Point', coordinates: [200, 0] } })
    await expect(places.createIndex({ at: '2dsphere' })).rejects.toMatchObject({ code: 16755 })
    await places.deleteMany({})
    await places.createIndex({ at: '2dsphere' })
    for (const at of [
      [],
      'x',
      [1, 91],
      { type: 'Point' },
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
    ])
      await expect(places.insertOne({ at })).rejects.toMatchObject({
        code: 16755,
        message: expect.stringMatching(/^Can't extract geo keys: \{ _id: /) as unknown,
      })
    await places.insertMany([{ _id: 2 as never }, { at: null }, { at: [1, 2] }, { at: { lng: 1, lat: 2 } }])
    await expect(places.updateOne({ _id: 2 as never }, { $set: { at: 5 } })).rejects.toMatchObject({ code: 16755 })
    const flat = database.client.db('geo').collection('flat')
    await flat.createIndex({ at: '2d' }, { min: -10, max: 10 })
    await expect(flat.insertOne({ at: [1, 11] })).rejects.toMatchObject({ code: 13027 })
    await expect(flat.insertOne({ at: 'x' })).rejects.toMatchObject({ code: 13026 })
    await flat.insertMany([
      {
        at: [
          [1, 2],
          [3, 4],
        ],
      },
      { at: [] },
      {},
    ])
  })

  it('are listed and hinted as they were made, and not read by', async () => {
    const places = database.client.db('geo').collection('listed')
    await places.createIndexes([{ key: { at: '2dsphere' } }, { key: { at: '2d' }, bits: 20 }])
    expect((await places.indexes()).slice(1)).toEqual([
      { v: 2, key: { at: '2dsphere' }, name: 'at_2dsphere', '2dsphereIndexVersion': 3 },
      { v: 2, key: { at: '2d' }, name: 'at_2d', bits: 20 },
    ])
    await places.insertOne({ at: [1, 2] })
    expect(
      await places
        .find({ at: [1, 2] })
        .hint({ at: '2dsphere' })
        .toArray(),
    ).toHaveLength(1)
    expect(await places.find().sort({ at: 1 }).toArray()).toHaveLength(1)
    expect(await places.countDocuments({ at: { $exists: true } })).toBe(1)
    await expect(places.createIndex({ a: 1, at: '2d' })).rejects.toMatchObject({ code: 16800 })
    const checked = await database.client.db('geo').command({ validate: 'listed' })
    expect(checked.valid).toBe(true)
  })
})
