import type { Db, Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('views', () => {
  let database: TestDatabase
  let shop: Db

  beforeAll(async () => {
    database = await startTestDatabase()
    shop = database.client.db('shop')
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await shop.dropDatabase()
    await shop
      .collection<Document & { _id: number }>('rows')
      .insertMany([
        { _id: 1, tags: [{ n: 1 }, { n: 2 }], kind: 'a' },
        { _id: 2, tags: [{ n: 2 }, { n: null }], kind: 'A' },
        { _id: 3 },
      ])
  })

  const view = (name: string, viewOn: string, pipeline: Document[] = [], more: Document = {}): Promise<Document> =>
    shop.command({ create: name, viewOn, pipeline, ...more })

  it('lists the distinct values inside arrays and nulls as on a collection', async () => {
    await view('v', 'rows')
    for (const key of ['tags.n', 'tags', 'kind'])
      expect(await shop.collection('v').distinct(key)).toEqual(await shop.collection('rows').distinct(key))
    expect(await shop.collection('v').distinct('tags.n')).toEqual([null, 1, 2])
  })

  it('reads in the natural order that is asked for, and by the hinted index', async () => {
    await view('v', 'rows')
    const rows = await shop.collection('v').find().sort({ $natural: -1 }).toArray()
    expect(rows.map((row) => row._id as unknown)).toEqual([3, 2, 1])
    await expect(shop.collection('v').find().hint('none').toArray()).rejects.toMatchObject({ code: 2 })
  })

  it('refuses views that read themselves, however far around', async () => {
    await expect(view('self', 'self')).rejects.toMatchObject({ code: 5, codeName: 'GraphContainsCycle' })
    await view('a', 'b')
    await expect(view('b', 'a')).rejects.toMatchObject({ code: 5 })
    await expect(
      view('b', 'rows', [{ $facet: { x: [{ $unionWith: { coll: 'rows', pipeline: [{ $unionWith: 'a' }] } }] } }]),
    ).rejects.toMatchObject({ code: 5 })
    await view('b', 'rows')
    await expect(
      shop.command({ collMod: 'b', viewOn: 'rows', pipeline: [{ $lookup: { from: 'a', as: 'x', pipeline: [] } }] }),
    ).rejects.toMatchObject({ code: 5 })
  })

  it('stacks twenty views and no more, from either end', async () => {
    for (let i = 2; i <= 20; i++) await view(`v${i}`, `v${i - 1}`)
    await view('v1', 'rows')
    expect(await shop.collection('v20').countDocuments()).toBe(3)
    await expect(view('v21', 'v20')).rejects.toMatchObject({ code: 165, codeName: 'ViewDepthLimitExceeded' })
    await shop.collection('v1').drop()
    await view('v0', 'rows')
    await expect(view('v1', 'v0')).rejects.toMatchObject({ code: 165 })
  })

  it('has one collation, which views on it and reads of it must not change', async () => {
    const collation = { locale: 'en', strength: 2 }
    await view('v', 'rows', [], { collation })
    expect(await shop.collection('v').countDocuments({ kind: 'a' })).toBe(2)
    expect(await shop.collection('v').find({ kind: 'a' }, { collation }).toArray()).toHaveLength(2)
    const other = { collation: { locale: 'fr' } }
    const refusal = { code: 167, codeName: 'OptionNotSupportedOnView' }
    await expect(shop.collection('v').find({}, other).toArray()).rejects.toMatchObject(refusal)
    await expect(shop.collection('v').aggregate([], other).toArray()).rejects.toMatchObject(refusal)
    await expect(shop.collection('v').distinct('kind', {}, other)).rejects.toMatchObject(refusal)
    await expect(view('w', 'v')).rejects.toMatchObject(refusal)
  })

  it.each<[string, Document, number]>([
    ['a stage that writes', { create: 'w', viewOn: 'rows', pipeline: [{ $out: 'x' }] }, 167],
    ['a change stream', { create: 'w', viewOn: 'rows', pipeline: [{ $changeStream: {} }] }, 167],
    ['find bounds', { find: 'v', min: { a: 1 }, hint: { a: 1 } }, 168],
    ['keys instead of documents', { find: 'v', returnKey: true }, 168],
  ])('refuses %s', async (_, command, code) => {
    await view('v', 'rows')
    await expect(shop.command(command)).rejects.toMatchObject({ code })
  })
})
