import type { Db, Document } from 'mongodb'
import { eventually, startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('reports on the server', () => {
  let database: TestDatabase
  let shop: Db
  let admin: Db

  beforeAll(async () => {
    database = await startTestDatabase()
    shop = database.client.db('shop')
    admin = database.client.db('admin')
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await shop.dropDatabase()
    await shop.collection('rows').insertMany([{ a: 1 }, { a: 2 }])
    await shop.collection('rows').createIndex({ a: 1 })
  })

  const report = (stage: Document, on = 'rows'): Promise<Document[]> => shop.collection(on).aggregate([stage]).toArray()

  it('shows an operation at work with its number, and ends it by that', async () => {
    const { cursor } = await shop.command({ aggregate: 'rows', pipeline: [{ $changeStream: {} }], cursor: {} })
    const waiting = shop
      .command({ getMore: (cursor as Document).id as unknown, collection: 'rows', maxTimeMS: 60_000 })
      .catch((error: unknown) => error)
    let found: Document[] = []
    await eventually(async () => {
      found = (await admin.command({ currentOp: 1, op: 'getmore', ns: 'shop.rows' })).inprog as Document[]
      return found.length === 1
    })
    expect(await admin.aggregate([{ $currentOp: {} }, { $match: { op: 'getmore' } }]).toArray()).toMatchObject([
      { opid: found[0]?.opid as unknown, active: true, command: { collection: 'rows' } },
    ])
    await admin.command({ killOp: 1, op: found[0]?.opid as unknown })
    expect(await waiting).toMatchObject({ code: 11601, codeName: 'Interrupted' })
    expect((await admin.command({ currentOp: 1, op: 'getmore' })).inprog).toEqual([])
  })

  it('counts operations by kind, and documents of inserts', async () => {
    const counters = async (): Promise<Record<string, number>> =>
      (await admin.command({ serverStatus: 1 })).opcounters as Record<string, number>
    const before = await counters()
    await shop.collection('rows').insertMany([{}, {}, {}])
    await shop.collection('rows').findOne({ a: 1 })
    await shop.collection('rows').deleteMany({ a: 1 })
    const after = await counters()
    const grown = ['insert', 'query', 'delete', 'update'].map((kind) => (after[kind] ?? 0) - (before[kind] ?? 0))
    expect(grown).toEqual([3, 1, 1, 0])
  })

  it('counts the reads by each index', async () => {
    const rows = shop.collection('rows')
    const { _id } = (await rows.findOne({ a: 1 })) as Document
    await rows.find({ a: { $gt: 1 } }).toArray()
    await rows.findOne({ _id: _id as never })
    expect((await report({ $indexStats: {} })).map(({ name, accesses }) => [name, accesses.ops] as unknown)).toEqual([
      ['_id_', 1],
      ['a_1', 2],
    ])
  })

  it('tells sizes alike in both places, in the scale that is asked for', async () => {
    const [row = {}] = await report({ $collStats: { storageStats: { scale: 2 }, count: {} } })
    const { totalIndexSize } = await shop.command({ collStats: 'rows' })
    expect(row).toMatchObject({
      count: 2,
      storageStats: { totalIndexSize: Math.floor((totalIndexSize as number) / 2) },
    })
    expect(row.storageStats).not.toHaveProperty('max')
    expect(row.storageStats).not.toHaveProperty('maxSize')
    expect(await shop.command({ dbStats: 1 })).toMatchObject({ indexSize: totalIndexSize as number })
  })

  it('tells how much a capped collection holds', async () => {
    await shop.createCollection('log', { capped: true, size: 4096, max: 5 })
    const limits = { capped: true, max: 5, maxSize: 4096 }
    expect(await report({ $collStats: { storageStats: {} } }, 'log')).toMatchObject([{ storageStats: limits }])
    expect(await shop.command({ collStats: 'log', scale: 1024 })).toMatchObject({ ...limits, maxSize: 4 })
  })

  it.each<[string, Document, Document]>([
    ['latencies', { $collStats: { latencyStats: {} } }, { code: 238, message: /latencyStats/ }],
    ['an unknown option of $collStats', { $collStats: { foo: {} } }, { code: 40168 }],
    ['an option of $indexStats', { $indexStats: { foo: 1 } }, { code: 28803 }],
    ['$currentOp of a collection', { $currentOp: {} }, { code: 73 }],
  ])('refuses %s', async (_, stage, { code, message }) => {
    const error = report(stage)
    await expect(error).rejects.toMatchObject({ code: code as number })
    if (message) await expect(error).rejects.toThrow(message as RegExp)
  })

  it('names what it cannot count of a collection that does not exist', async () => {
    await expect(report({ $collStats: { count: {} } }, 'none')).rejects.toThrow('Unable to retrieve count')
    await expect(admin.aggregate([{ $currentOp: { foo: 1 } }]).toArray()).rejects.toMatchObject({ code: 9 })
  })
})
