import type { Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('wildcard indexes', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())

  it('are kept as they were made, may be hinted, and change no result', async () => {
    const things = database.client.db('wild').collection<Document>('things')
    await things.createIndexes([
      { key: { '$**': 1 }, wildcardProjection: { secret: 0 }, name: 'all' },
      { key: { 'attributes.$**': 1, kind: 1 } },
    ])
    expect((await things.indexes()).slice(1)).toEqual([
      { v: 2, key: { '$**': 1 }, name: 'all', wildcardProjection: { secret: 0 } },
      { v: 2, key: { 'attributes.$**': 1, kind: 1 }, name: 'attributes.$**_1_kind_1' },
    ])
    await things.insertMany([
      { _id: 1 as never, attributes: { a: [1, { b: 2 }] } },
      { _id: 2 as never, kind: 'x' },
    ])
    const filter = { 'attributes.a.b': 2 }
    for (const found of [things.find(filter), things.find(filter).hint({ '$**': 1 })])
      expect(await found.map(({ _id }) => _id as unknown).toArray()).toEqual([1])
    expect(await things.find({}, { sort: { kind: -1 } }).toArray()).toMatchObject([{ _id: 2 }, { _id: 1 }])
    expect((await database.client.db('wild').command({ validate: 'things' })).valid).toBe(true)
    await things.dropIndex('all')
    expect(await things.indexes()).toHaveLength(2)
  })

  it.each<[Document, number]>([
    [{ key: { '$**': 1 }, unique: true }, 67],
    [{ key: { '$**': 1 }, sparse: true }, 67],
    [{ key: { '$**': 1 }, expireAfterSeconds: 5 }, 67],
    [{ key: { '$**': 1, 'a.$**': 1 } }, 67],
    [{ key: { 'a.$**': 1 }, wildcardProjection: { b: 1 } }, 9],
    [{ key: { '$**': 1 }, wildcardProjection: {} }, 9],
    [{ key: { a: 1 }, wildcardProjection: { b: 1 } }, 2],
    [{ key: { '$**.a': 1 } }, 67],
  ])('%j is refused with code %i', async (spec, code) => {
    const create = { createIndexes: 'refused', indexes: [{ name: 'i', ...spec }] }
    await expect(database.client.db('wild').command(create)).rejects.toMatchObject({ code })
  })
})
