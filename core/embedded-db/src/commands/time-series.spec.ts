import type { Db, Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

interface Reading {
  _id?: number
  [field: string]: unknown
}

const at = (hour: number): Date => new Date(Date.UTC(2024, 0, 1, hour))

describe('time series collections', () => {
  let database: TestDatabase
  let db: Db

  beforeAll(async () => {
    database = await startTestDatabase()
    db = database.client.db('series')
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await db.dropDatabase()
    await db.createCollection('kpi', {
      timeseries: { timeField: 'at', metaField: 'cell', granularity: 'minutes' },
      expireAfterSeconds: 604_800,
    })
  })

  it('are listed with their options, and with the index by metaField and time alone', async () => {
    expect(await db.listCollections({ type: 'timeseries' }).toArray()).toEqual([
      {
        name: 'kpi',
        type: 'timeseries',
        options: {
          expireAfterSeconds: 604_800,
          timeseries: { timeField: 'at', metaField: 'cell', granularity: 'minutes', bucketMaxSpanSeconds: 86_400 },
        },
        info: { readOnly: false },
      },
    ])
    expect(await db.collection('kpi').indexes()).toEqual([{ v: 2, key: { cell: 1, at: 1 }, name: 'cell_1_at_1' }])
    await db.createCollection('custom', {
      timeseries: { timeField: 't', bucketMaxSpanSeconds: 60, bucketRoundingSeconds: 60 },
    })
    expect(await db.collection('custom').options()).toEqual({
      timeseries: { timeField: 't', bucketRoundingSeconds: 60, bucketMaxSpanSeconds: 60 },
    })
    expect(await db.collection('custom').indexes()).toEqual([])
  })

  it('take the same _id twice, and no document without a date', async () => {
    const kpi = db.collection<Reading>('kpi')
    await kpi.insertMany([
      { _id: 1, at: at(1), cell: 'a', value: 1 },
      { _id: 1, at: at(0), cell: 'a', value: 2 },
    ])
    expect(
      await kpi
        .find({ _id: 1 })
        .sort({ at: 1 })
        .map(({ value }) => value as number)
        .toArray(),
    ).toEqual([2, 1])
    for (const time of [undefined, null, 'today', [at(1)]])
      await expect(kpi.insertOne({ at: time, cell: 'a' }, { bypassDocumentValidation: true })).rejects.toMatchObject({
        code: 2,
        message: "'at' must be present and contain a valid BSON UTC datetime value",
      })
    expect(await kpi.estimatedDocumentCount()).toBe(2)
    expect(await db.command({ validate: 'kpi' })).toMatchObject({ valid: true, errors: [] })
  })

  it('are read, aggregated and deleted from like any other', async () => {
    const kpi = db.collection<Reading>('kpi')
    await kpi.insertMany([0, 1, 2, 3].map((hour) => ({ at: at(hour), cell: hour % 2 ? 'odd' : 'even', value: hour })))
    expect(
      await kpi
        .find({ at: { $gte: at(1), $lt: at(3) } })
        .map(({ value }) => value as number)
        .toArray(),
    ).toEqual([1, 2])
    const sums = [{ $group: { _id: '$cell', sum: { $sum: '$value' } } }, { $sort: { _id: 1 } }]
    expect(await kpi.aggregate(sums).toArray()).toEqual([
      { _id: 'even', sum: 2 },
      { _id: 'odd', sum: 4 },
    ])
    expect(await kpi.deleteMany({ value: { $gt: 1 } })).toMatchObject({ deletedCount: 2 })
    expect(await kpi.distinct('value')).toEqual([0, 1])
    expect(await db.command({ dbStats: 1 })).toMatchObject({ collections: 1, indexes: 1 })
    expect(await db.command({ drop: 'kpi' })).toMatchObject({ nIndexesWas: 1 })
    expect(await db.listCollections().toArray()).toEqual([])
  })

  it('let the metaField of many documents be changed, and nothing else', async () => {
    const kpi = db.collection<Reading>('kpi')
    await kpi.insertMany([0, 1].map((hour) => ({ at: at(hour), cell: { site: 1 }, value: hour })))
    expect(await kpi.updateMany({ 'cell.site': 1 }, { $set: { 'cell.site': 2 } })).toMatchObject({ modifiedCount: 2 })
    expect(await kpi.countDocuments({ 'cell.site': 2 })).toBe(2)
    const invalid = { code: 72 }
    await expect(kpi.updateOne({ cell: 1 }, { $set: { cell: 2 } })).rejects.toMatchObject(invalid)
    await expect(kpi.updateMany({ cell: 1 }, { $set: { cell: 2 } }, { upsert: true })).rejects.toMatchObject(invalid)
    await expect(kpi.updateMany({ value: 1 }, { $set: { cell: 2 } })).rejects.toMatchObject(invalid)
    await expect(kpi.updateMany({ cell: 1 }, { $set: { value: 2 } })).rejects.toMatchObject(invalid)
    await expect(kpi.updateMany({ cell: 1 }, { $rename: { cell: 'value' } })).rejects.toMatchObject(invalid)
    await expect(kpi.updateMany({ cell: 1 }, [{ $set: { cell: 2 } }])).rejects.toMatchObject(invalid)
    await expect(kpi.updateMany({ $expr: true }, { $set: { cell: 2 } })).rejects.toMatchObject(invalid)
    await expect(kpi.findOneAndUpdate({ cell: 1 }, { $set: { cell: 2 } })).rejects.toMatchObject(invalid)
  })

  it('have the indexes that are made on them, by their time too', async () => {
    const kpi = db.collection<Reading>('kpi')
    expect(await kpi.createIndex({ at: 1 })).toBe('at_1')
    expect(await kpi.createIndex({ value: -1 })).toBe('value_-1')
    expect(Object.keys(await kpi.indexInformation())).toEqual(['cell_1_at_1', 'at_1', 'value_-1'])
    expect(await db.command({ collStats: 'kpi' })).toMatchObject({ nindexes: 3 })
    await kpi.dropIndex('at_1')
    await kpi.dropIndexes()
    expect(await kpi.indexes()).toEqual([])
    await kpi.insertMany([1, 0].map((hour) => ({ at: at(hour) })))
    expect(
      await kpi
        .find()
        .sort({ at: 1 })
        .map(({ at: time }) => time as Date)
        .toArray(),
    ).toEqual([at(0), at(1)])
    await expect(kpi.createIndex({ _id: 1 })).rejects.toMatchObject({ code: 238 })
  })

  it.each<[string, Document, number]>([
    ['no timeField', { timeseries: { metaField: 'm' } }, 40414],
    ['a path as timeField', { timeseries: { timeField: 'a.b' } }, 72],
    ['_id as metaField', { timeseries: { timeField: 't', metaField: '_id' } }, 72],
    ['one field for both', { timeseries: { timeField: 't', metaField: 't' } }, 72],
    ['an unknown granularity', { timeseries: { timeField: 't', granularity: 'days' } }, 2],
    ['half a span', { timeseries: { timeField: 't', bucketMaxSpanSeconds: 60 } }, 72],
    ['no span', { timeseries: { timeField: 't', bucketMaxSpanSeconds: 0, bucketRoundingSeconds: 0 } }, 51024],
    ['an unknown option', { timeseries: { timeField: 't', foo: 1 } }, 40415],
    ['a size', { timeseries: { timeField: 't' }, capped: true, size: 1000 }, 72],
    ['a validator', { timeseries: { timeField: 't' }, validator: {} }, 72],
    ['a lifetime that is none', { timeseries: { timeField: 't' }, expireAfterSeconds: -1 }, 72],
  ])('refuse to be made with %s', async (_, options, code) => {
    await expect(db.command({ create: 'x', ...options })).rejects.toMatchObject({ code })
  })

  it.each<[string, Document, number]>([
    ['a unique index', { createIndexes: 'kpi', indexes: [{ key: { cell: 1 }, name: 'u', unique: true }] }, 72],
    ['a shorter span', { collMod: 'kpi', timeseries: { granularity: 'seconds' } }, 72],
    ['a validator', { collMod: 'kpi', validator: { value: 1 } }, 72],
    ['$merge', { aggregate: 1, pipeline: [{ $documents: [{}] }, { $merge: 'kpi' }], cursor: {} }, 238],
    ['$out', { aggregate: 1, pipeline: [{ $documents: [{}] }, { $out: 'kpi' }], cursor: {} }, 238],
    ['a change stream', { aggregate: 'kpi', pipeline: [{ $changeStream: {} }], cursor: {} }, 166],
  ])('refuse %s', async (_, command, code) => {
    await expect(db.command(command)).rejects.toMatchObject({ code })
  })

  it('refuse another name and writes of transactions', async () => {
    await expect(db.collection('kpi').rename('other')).rejects.toMatchObject({ code: 166 })
    await database.client.withSession(async (session) => {
      for (const write of [
        () => db.collection('kpi').insertOne({ at: at(1) }, { session }),
        () => db.createCollection('more', { timeseries: { timeField: 't' }, session }),
      ]) {
        session.startTransaction()
        await expect(write()).rejects.toMatchObject({ code: 263 })
        await session.abortTransaction()
      }
    })
  })

  it('change by collMod how long their buckets are and their documents live', async () => {
    await db.command({ collMod: 'kpi', timeseries: { granularity: 'hours' }, expireAfterSeconds: 'off' })
    expect(await db.collection('kpi').options()).toEqual({
      timeseries: { timeField: 'at', metaField: 'cell', granularity: 'hours', bucketMaxSpanSeconds: 2_592_000 },
    })
    await db.createCollection('plain')
    await expect(db.command({ collMod: 'plain', timeseries: { granularity: 'hours' } })).rejects.toMatchObject({
      code: 72,
    })
  })

  it('tell no change stream what happens to them', async () => {
    const stream = db.watch([], { showExpandedEvents: true })
    await stream.tryNext()
    await db.createCollection('more', { timeseries: { timeField: 't', metaField: 'm' } })
    await db.collection('more').createIndex({ value: 1 })
    await db.collection('more').insertOne({ t: at(1) })
    await db.command({ collMod: 'more', timeseries: { granularity: 'hours' } })
    await db.collection('more').dropIndex('value_1')
    await db.collection('more').drop()
    await db.collection('plain').insertOne({ a: 1 })
    const told: string[] = []
    while (told.at(-1) !== 'insert plain') {
      const event: Document = await stream.next()
      told.push(`${event.operationType as string} ${(event.ns as Document).coll as string}`)
    }
    expect(told).toEqual(['create plain', 'insert plain'])
    await stream.close()
  })

  it('are the same again after the same create, and another one is refused', async () => {
    const timeseries = { timeField: 'at', metaField: 'cell', granularity: 'minutes' }
    expect(await db.command({ create: 'kpi', timeseries, expireAfterSeconds: 604_800 })).toMatchObject({ ok: 1 })
    await expect(db.command({ create: 'kpi', timeseries })).rejects.toMatchObject({ code: 48 })
  })
})
